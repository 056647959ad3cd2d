import type { Connection } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import { getOrderDays } from '#lib/orders/get-order-days.ts';

/** What a decision is measured against: what was paid, what the person may decide alone, and what it follows. */
export type Basis = { totalCents: Cents; limitCents: Cents; latestDecisionId: string | null };

/** The order's total is the sum of its lines in silver; undefined where it has none. */
export async function getBasis(
  connection: Connection,
  person: Pick<Person, 'email'>,
  orderId: string,
): Promise<Basis | undefined> {
  const { firstDay, lastDay } = await getOrderDays(connection, orderId);
  const { rows } = await connection.query<{ total: string | null; limit: string; latest: string | null }>(
    `
    -- one row
    select
      (
        select sum(extended_price) from lakeflow.silver_order_items
        where order_id = $1 and order_day between $3 and $4
      ) as total,
      refunds.approval_limit($2) as limit,
      (select max(id)::text from refunds.refund_decisions where order_id = $1) as latest`,
    [orderId, person.email, firstDay, lastDay],
  );
  const [row] = rows;
  if (row?.total == null) return undefined;
  return {
    totalCents: centsFromNumeric(row.total),
    limitCents: centsFromNumeric(row.limit),
    latestDecisionId: row.latest,
  };
}
