import type { Database } from '#db/client.ts';

/** How far each stage has come; times are ISO 8601 in UTC, null before the first batch. */
export type StageProgress = {
  lastBatch: { id: number; committedTs: string } | null;
  /** The newest believable event time, and the time before which events are late. */
  newestEventTs: string | null;
  watermark: string | null;
  unscoredOrders: number;
  unsyncedRecommendations: number;
};

type Row = {
  batch_id: string | null;
  updated_at: Date | null;
  max_event_ts: Date | null;
  watermark: Date | null;
  unscored: number;
  unsynced: number;
};

const query = `
-- one row: the checkpoints of the three stages and what lies past them
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
  ) as unscored,
  (
    select count(*)::integer from recommender.refund_recommendations
    where id > (select position from synced)
  ) as unsynced
from (select) as always
left join pipeline on true`;

/** Reads where the pipeline, the recommender and the sync stand. */
export async function getProgress(db: Database): Promise<StageProgress> {
  const { rows } = await db.pool.query<Row>(query);
  const [row] = rows;
  if (!row) throw new Error('the progress of the stages is always one row');
  return {
    lastBatch:
      row.batch_id && row.updated_at
        ? { id: Number(row.batch_id), committedTs: row.updated_at.toISOString() }
        : null,
    newestEventTs: row.max_event_ts?.toISOString() ?? null,
    watermark: row.watermark?.toISOString() ?? null,
    unscoredOrders: row.unscored,
    unsyncedRecommendations: row.unsynced,
  };
}
