import type { Connection } from '#db/client.ts';
import { isoTimes } from '#db/iso-times.ts';
import { prepared } from '#db/prepared.ts';
import type { Person } from '#lib/contract/person.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import { type QueueRow, queueColumns, readQueueRow } from './queue-row.ts';
import type { QueueItem } from './types.ts';

/**
 * What a decision is measured against: what is recommended, what was paid, what the person may decide alone, and
 * which decision it follows.
 */
export type Basis = {
  recommendation: QueueItem;
  totalCents: Cents;
  limitCents: Cents;
  latestDecisionId: string | null;
};

const BASIS = `
    -- at most one row; the total is the sum of the order's lines in silver
    select
      ${queueColumns}, refunds.order_total(r.order_id) as total, refunds.approval_limit($2) as limit,
      (select max(id)::text from refunds.refund_decisions where order_id = $1) as latest
    from recommender.pg_recommendations as r
    left join refunds.cases as c on c.order_id = r.order_id
    left join refunds.refund_decisions as d on d.id = c.decision_id
    where r.order_id = $1`;

type Row = QueueRow & { total: string | null; limit: string; latest: string | null };

/** All of it in one question; undefined where the order has no recommendation or no lines. */
export async function getBasis(
  connection: Connection,
  person: Pick<Person, 'email'>,
  orderId: string,
): Promise<Basis | undefined> {
  const statement = { ...prepared(BASIS, [orderId, person.email]), types: isoTimes };
  const { rows } = await connection.query<Row>(statement);
  const [row] = rows;
  if (row?.total == null) return undefined;
  return {
    recommendation: readQueueRow(row),
    totalCents: centsFromNumeric(row.total),
    limitCents: centsFromNumeric(row.limit),
    latestDecisionId: row.latest,
  };
}
