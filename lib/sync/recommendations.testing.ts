import type { Database } from '#db/client.ts';

/** A recommendation as a scorer writes it; `ts` as Postgres reads it, `refund` in dollars of an order of $20.00. */
export type TestRecommendation = { orderId: string; ts: string; version: string; refund: number };

/** Inserts recommendations into the source table, in the order given. */
export async function insertRecommendations(db: Database, list: TestRecommendation[]): Promise<void> {
  await db.pool.query(
    `
    insert into recommender.refund_recommendations (
      order_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd, agent_response,
      refund_class, refund_usd, reason, source, policy_version, evidence
    )
    select
      "orderId", ts, '2026-11-20 12:00+00', '2026-11-20 12:40+00', 'sf', 40, 20, '{}',
      case refund when 0 then 'none' else 'partial' end, refund, version, 'policy', version, '{}'
    from json_to_recordset($1) as given ("orderId" text, ts timestamptz, version text, refund numeric)`,
    [JSON.stringify(list)],
  );
}

/** The rows of the synced table that differ from the newest recommendation of their order, in either direction. */
export async function findDifferences(db: Database): Promise<unknown[]> {
  const { rows } = await db.pool.query(`
    with newest as (
      select distinct on (order_id) order_id, id, to_jsonb(r) - 'id' - 'facts_batch' - 'revision' as content
      from recommender.refund_recommendations as r
      order by order_id, ts desc, id desc
    ), synced as (
      select order_id, recommendation_id as id, to_jsonb(p) - 'recommendation_id' - 'previous_facts' - 'synced_at' as content
      from recommender.pg_recommendations as p
    )
    (table newest except table synced) union all (table synced except table newest)`);
  return rows;
}
