import type { refundDecisions } from '#db/schema/refunds.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { Decision } from './types.ts';

/** Turns a stored decision into what the screens show. */
export function readDecision(row: typeof refundDecisions.$inferSelect): Decision {
  return {
    id: row.id.toString(),
    orderId: row.orderId,
    decidedTs: row.decidedTs.toISOString(),
    refundClass: row.refundClass,
    amountCents: centsFromNumeric(row.amountUsd),
    reason: row.reason,
    decidedBy: row.decidedBy,
    supersedesId: row.supersedesId?.toString() ?? null,
  };
}
