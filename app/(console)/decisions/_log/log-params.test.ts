import { expect, test } from 'vitest';
import { logSearch } from './log-params.ts';

const nothing = {
  search: null,
  against: null,
  kind: null,
  refundClass: null,
  decidedBy: null,
  orderId: null,
  from: null,
  to: null,
};

test('days become the instants around them, the last one included', () => {
  const search = logSearch({ ...nothing, from: '2026-11-24', to: '2026-12-31' });
  expect(Object.fromEntries(search)).toEqual({
    from: '2026-11-24T00:00:00Z',
    until: '2027-01-01T00:00:00.000Z',
  });
});

test('what is not asked for, or is no day, is left out', () => {
  expect(logSearch({ ...nothing, decidedBy: '', from: 'yesterday' }).toString()).toBe('');
  expect(logSearch({ ...nothing, kind: 'undo', orderId: 'A&B' }).toString()).toBe('kind=undo&order_id=A%26B');
  expect(logSearch({ ...nothing, search: 'cold fries', against: 'departed' }).toString()).toBe(
    'search=cold+fries&against=departed',
  );
});
