import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, instant, integer, named, nullable, type RowOf, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

/** How far each stage has come; times are ISO 8601 in UTC, null before the first batch. */
export type StageProgress = {
  lastBatch: { id: number; committedTs: string } | null;
  /** The newest believable event time, and the time before which events are late. */
  newestEventTs: string | null;
  watermark: string | null;
  unscoredOrders: number;
  unsyncedRecommendations: number;
};

const findProgress = statement({
  returns: {
    batchId: nullable(bigint),
    committedTs: named('updated_at', nullable(instant)),
    newestEventTs: named('max_event_ts', nullable(instant)),
    watermark: nullable(instant),
    unscoredOrders: integer,
    unsyncedRecommendations: integer,
  },
  sql: () => sql`
    -- one row: the checkpoints of the three stages and what is past them
    with pipeline as (
      select batch_id, updated_at, max_event_ts, watermark from lakeflow.checkpoints where name = 'pipeline'
    ), scored as (
      select coalesce(max(batch_id), 0) as batch_id, coalesce(max(order_id), '') as order_id
      from recommender.checkpoints where name = 'policy'
    ), synced as (
      select coalesce(max(position), 0) as position
      from recommender.sync_checkpoints where name = 'pg_recommendations'
    )
    select
      pipeline.*,
      (
        select count(*)::integer from lakeflow.silver_deliveries as delivery, scored
        where (delivery.batch_id, delivery.order_id) > (scored.batch_id, scored.order_id)
      ) as unscored_orders,
      (
        select count(*)::integer from recommender.refund_recommendations
        where id > (select position from synced)
      ) as unsynced_recommendations
    from (select) as always
    left join pipeline on true`,
});

/** Reads how far the pipeline, the recommender and the sync have come. */
export async function getProgress(db: Database): Promise<StageProgress> {
  const [row] = await findProgress(db.pool, {});
  if (!row) throw new Error('the progress of the stages is always one row');
  const { batchId, committedTs, ...progress } = row;
  return { ...progress, lastBatch: batchId && committedTs ? { id: Number(batchId), committedTs } : null };
}

/** The state of the recommender; times are ISO 8601 in UTC, null where there is none. */
const recommenderColumns = {
  policy: text,
  /** Until when deliveries are history, of which a sample is scored; null before the first start. */
  historyUntilTs: nullable(text),
  /** Orders that wait for the agent, and since when the first of them does. */
  deferred: integer,
  deferredSinceTs: nullable(instant),
  agentCallsLastHour: integer,
  /** Of those: without a reply in time, otherwise without a reply, and with an unusable answer. */
  agentTimeoutsLastHour: integer,
  agentOutagesLastHour: integer,
  agentUnusableLastHour: integer,
  /** Since when the agent is not asked because of unusable answers; null while it is. */
  agentStoppedTs: nullable(instant),
};
export type RecommenderStatus = RowOf<typeof recommenderColumns>;

/** The agent that has stopped, unless another one has been asked since: at most one row. */
export const currentStop = sql.raw(`
  select stopped_at as stopped_ts, model, unusable, code
  from recommender.agent_stops as stop
  where resumed_at is null
    and not exists (select from recommender.agent_calls where started_at > stop.stopped_at)
  order by stopped_at desc
  limit 1`);

const findRecommenderStatus = statement({
  params: { now: timestamp },
  returns: recommenderColumns,
  sql: ({ now }) => sql`
    -- one row: the active policy and the queue of the agent
    with waiting as (
      select count(*)::integer as deferred, min(since) as deferred_since_ts from recommender.deferred_orders
    ), calls as (
      select
        count(*)::integer as agent_calls_last_hour,
        count(*) filter (where code = 'timed_out')::integer as agent_timeouts_last_hour,
        count(*) filter (where outcome = 'unavailable' and code not in ('timed_out', 'stopped'))::integer
          as agent_outages_last_hour,
        count(*) filter (where outcome = 'failed')::integer as agent_unusable_last_hour
      from recommender.agent_calls
      where started_at > ${now}::timestamptz - interval '1 hour'
    ), current_stop as (
      ${currentStop}
    )
    select
      policy.version as policy, deferred, deferred_since_ts,
      (
        select to_char(history_until, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        from recommender.stream where isfinite(history_until)
      ) as history_until_ts,
      calls.*,
      (select stopped_ts from current_stop) as agent_stopped_ts
    from recommender.active_policy as policy, waiting, calls`,
});

/** Reads the active policy, what waits for the agent, and how much of the hour's budget is used. */
export async function getRecommenderStatus(db: Database, now: Date): Promise<RecommenderStatus> {
  const [row] = await findRecommenderStatus(db.pool, { now });
  if (!row) throw new Error('there is always one active policy');
  return row;
}
