import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';

/**
 * `synced`: `read` recommendations past the checkpoint, of which `written` became or replaced the row of their order.
 * `superseded`: the same, but somebody else has moved the checkpoint meanwhile, and it is left where they put it.
 * `caught_up`: there was nothing past the checkpoint.
 */
export type SyncOutcome =
  | { outcome: 'synced' | 'superseded'; read: number; written: number }
  | { outcome: 'caught_up' };

type Row = { read: number; written: number; moved: boolean };

/**
 * One statement, hence one transaction: reads on by id, keeps the newest of each order, writes what is newer
 * than what stands there, and moves the checkpoint if nobody else has. Ids are committed in their order, so
 * no recommendation appears behind the checkpoint.
 */
const statement = `
-- one row: what was read and written
with checkpoint as materialized (
  select coalesce(max(position), 0) as position
  from recommender.sync_checkpoints
  where name = 'pg_recommendations'
), source as materialized (
  select recommendation.*
  from recommender.refund_recommendations as recommendation
  where id > (select position from checkpoint)
  order by id
  limit $1
), newest as (
  select distinct on (order_id) *
  from source
  order by order_id, ts desc, id desc
), written as (
  insert into recommender.pg_recommendations as standing (
    order_id, recommendation_id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
    agent_response, refund_class, refund_usd, reason, source, model, policy_version, prompt_version,
    evidence, latency_ms, tokens, synced_at
  )
  select
    order_id, id, ts, order_ts, delivered_ts, location, delivery_minutes, order_total_usd,
    agent_response, refund_class, refund_usd, reason, source, model, policy_version, prompt_version,
    evidence, latency_ms, tokens, $2
  from newest
  on conflict (order_id) do update
  set recommendation_id = excluded.recommendation_id, ts = excluded.ts, order_ts = excluded.order_ts,
    delivered_ts = excluded.delivered_ts, location = excluded.location,
    delivery_minutes = excluded.delivery_minutes, order_total_usd = excluded.order_total_usd,
    agent_response = excluded.agent_response, refund_class = excluded.refund_class,
    refund_usd = excluded.refund_usd, reason = excluded.reason, source = excluded.source,
    model = excluded.model, policy_version = excluded.policy_version,
    prompt_version = excluded.prompt_version, evidence = excluded.evidence,
    latency_ms = excluded.latency_ms, tokens = excluded.tokens, synced_at = excluded.synced_at
  where (standing.ts, standing.recommendation_id) < (excluded.ts, excluded.recommendation_id)
  returning order_id
), moved as (
  insert into recommender.sync_checkpoints as held (name, position, updated_at)
  select 'pg_recommendations', max(id), $2::timestamptz
  from source
  having count(*) > 0
  on conflict (name) do update
  set position = excluded.position, updated_at = excluded.updated_at
  where held.position = (select position from checkpoint)
  returning position
)
select
  (select count(*) from source)::integer as read,
  (select count(*) from written)::integer as written,
  exists (select from moved) as moved`;

/** Brings at most `limit` recommendations over. Doing it again writes nothing, so a crash needs no repair. */
export async function syncBatch(
  connection: Pick<Connection, 'query'>,
  clock: Clock,
  limit: number,
): Promise<SyncOutcome> {
  const { rows } = await connection.query<Row>(statement, [limit, clock.now()]);
  const { read = 0, written = 0, moved = false } = rows[0] ?? {};
  if (read === 0) return { outcome: 'caught_up' };
  return { outcome: moved ? 'synced' : 'superseded', read, written };
}
