import type { Connection } from '#db/client.ts';
import { decisionSettled } from './conflicts.ts';
import type { KeyedRequest } from './decide-request.ts';
import { getCase } from './get-case.ts';
import type { Decision } from './types.ts';

export type TakeBack = {
  request: KeyedRequest;
  kind: 'undo' | 'reversal';
  decisionId: string;
  reason: string;
};

type Row = { id: string; decided_ts: Date };

/**
 * Writes the row that takes a standing decision back: nothing is refunded any longer.
 * @throws ConflictError `decision_settled` where that decision does not stand.
 */
export async function takeBack(
  connection: Connection,
  { request, kind, decisionId, reason }: TakeBack,
): Promise<Decision> {
  const { orderId, decidedBy, idempotencyKey, hash } = request;
  const { rows } = await connection.query<Row>(
    `
    -- one row where the decision stands
    insert into refunds.refund_decisions (
      kind, order_id, amount_usd, refund_class, reason, decided_by, order_total_usd, recommendation_id,
      source_suggestion, supersedes_id, idempotency_key, request_hash
    )
    select $3, order_id, 0, 'none', $4, $5, order_total_usd, recommendation_id, source_suggestion, id, $6, $7
    from refunds.standing_decisions
    where order_id = $1 and id = $2 and kind = 'decision'
    returning id::text, decided_ts`,
    [orderId, decisionId, kind, reason, decidedBy, idempotencyKey, hash],
  );
  const [row] = rows;
  if (!row) throw decisionSettled('That decision no longer stands.', await getCase(connection, orderId));
  return {
    id: row.id,
    kind,
    orderId,
    decidedTs: row.decided_ts.toISOString(),
    refundClass: 'none',
    amountCents: 0,
    reason,
    reasonCode: null,
    decidedBy,
    approvedBy: null,
    supersedesId: decisionId,
  };
}
