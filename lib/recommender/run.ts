import type { Database } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import type { Clock } from '#lib/clock.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import type { Log } from '#lib/log.ts';
import type { Progress } from '#lib/progress.ts';
import { scoreBatch } from './score-batch.ts';

/** Orders per transaction. */
const BATCH = 5_000;
/** What the pipeline notifies when it has committed a batch. */
const CHANNEL = 'pipeline_batch';
const POLL_MS = 5_000;

export type RecommendOptions = {
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  say(message: string): void;
  /** Makes a display for that many orders. */
  startProgress: (total: number) => Progress;
  batchSize?: number;
};

/** `orders` were read past the checkpoint; `added` of them got a recommendation they did not have. */
export type RecommendCounts = { orders: number; added: number; byClass: Record<RefundClass, number> };

/** Scores every delivered order that has no recommendation yet, and returns; again, it finds nothing to do. */
export async function recommendOnce(db: Database, options: RecommendOptions): Promise<RecommendCounts> {
  const counts: RecommendCounts = { orders: 0, added: 0, byClass: { none: 0, partial: 0, full: 0 } };
  const progress = options.startProgress(await countUnscored(db));
  while (!options.signal.aborted) {
    const batch = await scoreBatch(db.pool, options.clock, options.batchSize ?? BATCH);
    if (batch.outcome === 'caught_up') break;
    counts.orders += batch.orders;
    counts.added += batch.added;
    counts.byClass.none += batch.byClass.none;
    counts.byClass.partial += batch.byClass.partial;
    counts.byClass.full += batch.byClass.full;
    progress.update(counts.orders);
  }
  progress.stop();
  return counts;
}

/** Scores orders as they are delivered, until `signal` aborts. */
export async function recommendContinuously(db: Database, options: RecommendOptions): Promise<void> {
  await runContinuously({
    pool: db.pool,
    channel: CHANNEL,
    pollMs: POLL_MS,
    signal: options.signal,
    log: options.log,
    work: async () => {
      const { orders, added, byClass } = await recommendOnce(db, options);
      if (orders > 0) options.say(`scored ${orders} orders, ${added} new: ${describeClasses(byClass)}`);
    },
  });
}

function describeClasses(byClass: RecommendCounts['byClass']): string {
  return `${byClass.none} none, ${byClass.partial} partial, ${byClass.full} full`;
}

async function countUnscored(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(`
    -- one row: the deliveries past the checkpoint
    with held as (
      select coalesce(max(batch_id), 0) as batch_id, coalesce(max(order_id), '') as order_id
      from recommender.checkpoints
      where name = 'policy'
    )
    select count(*)::integer as n
    from lakeflow.silver_deliveries as delivery, held
    where (delivery.batch_id, delivery.order_id) > (held.batch_id, held.order_id)`);
  return rows[0]?.n ?? 0;
}
