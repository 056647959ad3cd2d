import { expect, test } from 'vitest';
import { encodeOutcome, outcomeSchema } from './console-outcome.ts';

const decision = {
  id: '7',
  kind: 'decision' as const,
  orderId: 'A',
  decidedTs: '2026-01-01T00:00:00.000Z',
  refundClass: 'partial' as const,
  amountCents: 450,
  reason: 'late',
  reasonCode: null,
  decidedBy: 'a@x',
  approvedBy: null,
  supersedesId: null,
};
const approval = {
  id: '8',
  orderId: 'A',
  recommendationId: '3',
  requestedTs: '2026-01-01T00:00:00.000Z',
  requestedBy: 'a@x',
  refundClass: 'full' as const,
  amountCents: 9001,
  reasonCode: 'other',
  reason: 'late',
};

test('what a key has led to comes over the wire as it was', () => {
  for (const outcome of [
    { decision, approval: null },
    { decision: null, approval },
    { decision: null, approval: null },
  ])
    expect(outcomeSchema.parse(JSON.parse(JSON.stringify(encodeOutcome(outcome))))).toEqual(outcome);
  expect(encodeOutcome({})).toEqual({ decision: null, approval: null });
});
