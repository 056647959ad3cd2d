import { expect, test } from 'vitest';
import type { Preview } from '#lib/refunds/index.ts';
import { listDecidable, summarizePreview } from './bulk-results.tsx';

const rows: Preview[] = [
  { orderId: 'a', refundClass: 'partial', amountCents: 250, needsApproval: false, needsReason: true },
  { orderId: 'b', problem: 'ana@example.com is deciding this order.' },
  { orderId: 'c', refundClass: 'full', amountCents: 6000, needsApproval: true, needsReason: false },
];
const orders = ['a', 'b', 'c', 'd'].map((orderId) => ({ orderId, recommendationId: '1' }));

test('the button names exactly the orders that are sent: those of the preview without a problem', () => {
  expect(listDecidable(orders, rows).map(({ orderId }) => orderId)).toEqual(['a', 'c']);
  expect(summarizePreview(rows)).toMatchObject({ orders: 2, cents: 6250, approvals: 1, needsReason: true });
  expect(listDecidable(orders, [])).toEqual([]);
});
