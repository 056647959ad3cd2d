import type { Connection, Pool } from '#db/client.ts';
import type { OrderFacts, RefundClass } from '#lib/contract/refund.ts';

/** A scored order for a test; all but its id has a default. Money is decimal text. */
export type ScoredOrder = {
  orderId: string;
  recommendationId?: number;
  totalUsd?: string;
  refundClass?: RefundClass | null;
  refundUsd?: string | null;
  location?: string;
  deliveredTs?: string;
  minutes?: number;
  brandIds?: number[];
  source?: 'policy' | 'agent' | 'deferred' | 'error';
  facts?: OrderFacts | null;
};

const defaults = {
  recommendationId: 1,
  totalUsd: '20.00',
  refundClass: 'partial',
  refundUsd: '3.00',
  location: 'sf',
  deliveredTs: '2026-01-02T12:00:00Z',
  minutes: 45,
  brandIds: [],
  source: 'policy',
  facts: null,
} as const;

/** Lays an order and its recommendation into the synced tables; the first line has the whole total. */
export async function addScoredOrder(pool: Pool, given: ScoredOrder): Promise<void> {
  const order = { ...defaults, ...given };
  await pool.query(
    `insert into recommender.pg_orders (order_id, facts_batch, location, created_ts, delivered_ts, total_usd, brand_ids,
       lines, border_ts, events, synced_at)
     select $1, 1, $2, $3::timestamptz, $3, $4::numeric, $5::integer[], json_agg(json_build_object(
       'line_no', line, 'item_id', null, 'item_name', null, 'brand_id', brand, 'brand_name', null, 'qty', 1,
       'price', usd, 'extended_price', usd)), '{}', '[]', now()
     from unnest(coalesce(nullif($5::integer[], '{}'), array[null::integer])) with ordinality as brands (brand, line),
       lateral (select case line when 1 then $4::text else '0.00' end as usd) as price
     on conflict do nothing`,
    [order.orderId, order.location, order.deliveredTs, order.totalUsd, order.brandIds],
  );
  await recommend(pool, given);
}

/** Sets the limit above which a second person is needed out of reach. */
export async function liftLimit(pool: Pool, usd = 1e9): Promise<void> {
  await pool.query(
    `insert into refunds.settings (approval_limit_usd, changed_by, reason) values ($1, 'test', 'No limit')`,
    [usd],
  );
}

/** Puts a recommendation in the place of an order's former one, as `sync` does. */
export async function recommend(pool: Pool | Connection, given: ScoredOrder): Promise<void> {
  const order = { ...defaults, ...given };
  await pool.query(
    `insert into recommender.pg_recommendations
       (order_id, recommendation_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
        agent_response, refund_class, refund_usd, reason, source, policy_version, evidence, facts, synced_at)
     values ($1, $2, $3::timestamptz, $3::timestamptz - make_interval(secs => $4::float8 * 60), $3::timestamptz, $5,
       $4::float8, $6, '', $7, $8,
       'because', $9, 'v1', $10, $11, now())
     on conflict (order_id) do update set
       recommendation_id = excluded.recommendation_id, refund_class = excluded.refund_class,
       refund_usd = excluded.refund_usd, location = excluded.location, facts = excluded.facts`,
    [
      order.orderId,
      order.recommendationId,
      order.deliveredTs,
      order.minutes,
      order.location,
      order.totalUsd,
      order.refundClass,
      order.refundUsd,
      order.source,
      evidenceOf(order.totalUsd, order.minutes),
      order.facts,
    ],
  );
}

function evidenceOf(total: string, minutes: number) {
  return {
    policy_version: 'v1',
    delivery_minutes: minutes,
    order_total_usd: total,
    location: 'sf',
    benchmark_source: 'service_level',
    window_from: null,
    window_to: null,
    sample_size: 0,
    p50_minutes: null,
    p75_minutes: 40,
    p99_minutes: 60,
  };
}
