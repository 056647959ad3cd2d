import type { refundDecisions } from '#db/schema/refunds.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { Decision } from './types.ts';

/** Turns a stored decision into what the screens show. */
export function readDecision(row: typeof refundDecisions.$inferSelect): Decision {
  return {
    id: row.id.toString(),
    kind: row.kind,
    orderId: row.orderId,
    decidedTs: row.decidedTs.toISOString(),
    refundClass: row.refundClass,
    amountCents: centsFromNumeric(row.amountUsd),
    reason: row.reason,
    reasonCode: row.reasonCode,
    decidedBy: row.decidedBy,
    approvedBy: row.approvedBy,
    supersedesId: row.supersedesId?.toString() ?? null,
  };
}
