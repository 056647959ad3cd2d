import type { Connection } from '#db/client.ts';
import { type OrderRow, toOrder } from '../order-facts.ts';
import type { DeliveredOrder } from '../policy/score-order.ts';
import { undeliveredColumns, undeliveredLines } from '../undelivered-facts.ts';

/** How far to look: orders placed after `from` and up to `until`, both as Postgres writes them. */
export type Horizon = { from: string; until: string };

/** An order may come late by a day and is still found. */
const OVERLAP_HOURS = 24;

/**
 * Which orders have had their time: by event time, so that a pipeline that stood still makes nobody undelivered. The
 * watermark says up to when all events are there. @returns undefined where it has not moved on by a minute.
 */
export async function findHorizon(
  connection: Connection,
  afterMinutes: number,
): Promise<Horizon | undefined> {
  const { rows } = await connection.query<Horizon>(
    `
    -- at most one row
    select
      (stream.undelivered_until - $2 * interval '1 hour')::text as from,
      (pipeline.watermark - $1 * interval '1 minute')::text as until
    from lakeflow.checkpoints as pipeline, recommender.stream
    where pipeline.name = 'pipeline'
      and pipeline.watermark - $1 * interval '1 minute' >= stream.undelivered_until + interval '1 minute'`,
    [afterMinutes, OVERLAP_HOURS],
  );
  return rows[0];
}

/**
 * Orders of the horizon that were never delivered and have no recommendation, at most `limit`. Their `deliveredTs`
 * is when the time was up.
 */
export async function listUndelivered(
  connection: Connection,
  { from, until }: Horizon,
  afterMinutes: number,
  limit: number,
): Promise<DeliveredOrder[]> {
  const { rows } = await connection.query<OrderRow>(
    `
    -- one row per order
    select ${undeliveredColumns}
    from lakeflow.silver_orders as placed
    cross join (select $1::double precision as minutes) as given_up
    left join lateral (${undeliveredLines}) as lines on true
    where placed.delivered_ts is null
      and placed.created_ts > $2
      and placed.created_ts <= $3
      and not exists (
        select from recommender.refund_recommendations as given where given.order_id = placed.order_id
      )
    order by placed.created_ts, placed.order_id
    limit $4`,
    [afterMinutes, from, until, limit],
  );
  return rows.map(toOrder);
}
