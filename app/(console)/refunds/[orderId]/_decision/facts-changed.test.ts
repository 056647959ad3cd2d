import { expect, test } from 'vitest';
import { describeChange } from './facts-changed.tsx';

const before = {
  created_at: '2026-10-01T12:00:00Z',
  delivered_at: null,
  promised_at: null,
  total: '40.00',
  lines: 3,
};

test('names each fact that changed, with what it was and what it is', () => {
  const after = { ...before, delivered_at: '2026-10-01T12:29:12Z', total: '38.50', lines: 2 };
  expect(describeChange({ before, after })).toEqual([
    'Delivered: not delivered, now 1 Oct 2026, 12:29:12 UTC',
    'Total: $40.00, now $38.50',
    'Order lines: 3, now 2',
  ]);
});

test('says nothing of what stayed', () => {
  expect(describeChange({ before, after: { ...before } })).toEqual([]);
});
