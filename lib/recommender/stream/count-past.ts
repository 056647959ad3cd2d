import type { Database } from '#db/client.ts';
import type { CheckpointName } from './checkpoint.ts';

/** How many deliveries a walk has still to pass. */
export async function countPast(db: Database, name: CheckpointName): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `
    -- one row: the deliveries past the checkpoint; the backfill goes as far as the stream has come
    with held as (
      select coalesce(max(batch_id), 0) as batch_id, coalesce(max(order_id), '') as order_id
      from recommender.checkpoints
      where name = $1
    ), ahead as (
      select batch_id, order_id from recommender.checkpoints where name = 'policy'
    )
    select count(*)::integer as n
    from lakeflow.silver_deliveries as delivery
    cross join held
    left join ahead on true
    where (delivery.batch_id, delivery.order_id) > (held.batch_id, held.order_id)
      and ($1 = 'policy' or (delivery.batch_id, delivery.order_id) <= (ahead.batch_id, ahead.order_id))`,
    [name],
  );
  return rows[0]?.n ?? 0;
}
