import { expect, test } from 'vitest';
import { logQuery } from './log-params.ts';

const nothing = {
  search: null,
  suggestion: null,
  kind: null,
  refundClass: null,
  decidedBy: null,
  orderId: null,
  from: null,
  to: null,
};

test('days become the instants around them, the last one included', () => {
  expect(logQuery({ ...nothing, from: '2026-11-24', to: '2026-12-31' })).toEqual({
    from: '2026-11-24T00:00:00Z',
    until: '2027-01-01T00:00:00.000Z',
  });
});

test('what is not asked for, or is no day, is left out', () => {
  expect(logQuery({ ...nothing, from: 'yesterday' })).toEqual({});
  expect(logQuery({ ...nothing, kind: 'undo', orderId: 'A&B' })).toEqual({ kind: 'undo', order_id: 'A&B' });
});
