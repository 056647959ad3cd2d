import { sql } from 'drizzle-orm/sql';
import type { Connection } from '#db/client.ts';
import { boolean, json, named, nullable, type RowOf, text, textArray, timestamp, usd } from '#db/columns.ts';
import type { RecommendedFacts } from '#db/recommendation-columns.ts';
import { statement } from '#db/statement.ts';
import { isoFromMicros } from '../facts/micros.ts';
import type { DeliveredOrder } from '../facts/order-facts.ts';
import { recommendedFacts } from '../facts/recommended-facts.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';

const currentColumns = {
  orderId: text,
  policyVersion: text,
  location: nullable(text),
  isAnswered: boolean,
  outcome: nullable(text),
  facts: nullable(json<RecommendedFacts>()),
  orderTs: timestamp,
  deliveredTs: timestamp,
  totalCents: named('order_total_usd', usd),
};
/** The newest recommendation of an order, as far as it is compared with what the facts say now. */
export type CurrentRecommendation = RowOf<typeof currentColumns>;

const findCurrent = statement({
  params: { orderIds: textArray },
  returns: currentColumns,
  sql: ({ orderIds }) => sql`
    -- one row per order that has a recommendation
    select distinct on (order_id)
      order_id, policy_version, location, refund_class is not null as is_answered, evidence ->> 'outcome' as outcome,
      facts, order_ts, delivered_ts, order_total_usd
    from recommender.refund_recommendations
    where order_id = any (${orderIds})
    order by order_id, ts desc, id desc`,
});

/** The newest recommendation of each of the orders that has any. */
export async function getCurrent(
  connection: Connection,
  orderIds: string[],
): Promise<Map<string, CurrentRecommendation>> {
  const rows = await findCurrent(connection, { orderIds });
  return new Map(rows.map((row) => [row.orderId, row]));
}

/** Whether a recommendation is based on the facts of an answer: then nothing is to be said again. */
export function isBasedOn(current: CurrentRecommendation, { order, evidence }: PolicyAnswer): boolean {
  if (current.location !== order.location || (current.outcome ?? undefined) !== evidence.outcome)
    return false;
  const facts = recommendedFacts(order, evidence);
  if (!current.facts) return isSameToTheMillisecond(current, order);
  const { created_at, delivered_at, promised_at, total, lines } = current.facts;
  return (
    created_at === facts.created_at &&
    delivered_at === facts.delivered_at &&
    promised_at === facts.promised_at &&
    total === facts.total &&
    lines === facts.lines
  );
}

/** Recommendations of before facts were stored have them as columns, which are read with milliseconds. */
function isSameToTheMillisecond(current: CurrentRecommendation, order: DeliveredOrder): boolean {
  const same = (stored: Date, micros: number) =>
    stored.toISOString() === `${isoFromMicros(micros).slice(0, 23)}Z`;
  return (
    same(current.orderTs, order.createdAt) &&
    same(current.deliveredTs, order.deliveredAt) &&
    current.totalCents === order.totalCents
  );
}
