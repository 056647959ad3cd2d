import { expect, test } from 'vitest';
import { isOverdue } from './queue-row.tsx';

const deliveredTs = '2026-01-02T12:00:00.000Z';
const after = (hours: number) => Date.parse(deliveredTs) + hours * 3_600_000;

test('an open order is overdue from the hour on, and a decided one never', () => {
  const open = { status: 'pending', deliveredTs } as const;
  expect(isOverdue(open, 24, after(24) - 1)).toBe(false);
  expect(isOverdue(open, 24, after(24))).toBe(true);
  expect(isOverdue(open, 48, after(24))).toBe(false);
  expect(isOverdue({ ...open, status: 'decided' }, 24, after(99))).toBe(false);
});
