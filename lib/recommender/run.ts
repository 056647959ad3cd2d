import type { Database } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import type { Log } from '#lib/log.ts';
import type { Progress } from '#lib/progress.ts';
import type { CheckpointName } from './stream/checkpoint.ts';
import { countPast } from './stream/count-past.ts';
import { scoreBatch } from './stream/score-batch.ts';
import { scoreUndelivered } from './stream/score-undelivered.ts';
import { type ServeCounts, type ServeOptions, serveWaiting } from './waiting/serve-waiting.ts';

/** Deliveries per transaction. */
const BATCH = 5_000;
/** What the pipeline notifies when it has committed a batch, and what a new or a wanted recommendation notifies. */
const DELIVERIES = 'pipeline_batch';
const RECOMMENDATIONS = 'refund_recommendations';
const POLL_MS = 5_000;

export type RecommendOptions = ServeOptions & {
  log: Log;
  say(message: string): void;
  /** Makes a display for that many deliveries. */
  startProgress: (total: number) => Progress;
  batchSize?: number;
};

/**
 * `read` deliveries were passed; `orders` of them were chosen, all that is new and a sample of history; `added` of
 * those got a row they did not have. `byClass` is what the policy says of those chosen.
 */
export type RecommendCounts = {
  read: number;
  orders: number;
  added: number;
  byClass: Record<RefundClass, number>;
};

/** Orders that were never delivered, which the policy answers. */
export type UndeliveredCount = { undelivered: number };

/** Scores every delivered order that has no recommendation yet, and returns; again, it finds nothing to do. */
export async function recommendOnce(
  db: Database,
  options: RecommendOptions,
): Promise<RecommendCounts & UndeliveredCount & ServeCounts> {
  const counts = await walk(db, 'policy', options.scorer !== undefined, options);
  const undelivered = await findUndelivered(db, options);
  return { ...counts, undelivered, ...(await serveAll(db, options)) };
}

/** Scores the rest of history, which the stream has only sampled; `byAgent` puts it before the agent, as its budget allows. */
export async function recommendBackfill(
  db: Database,
  options: RecommendOptions & { byAgent: boolean },
): Promise<RecommendCounts> {
  return walk(db, 'backfill', options.byAgent, options);
}

/** Scores orders as they are delivered, and serves those that wait, until `signal` aborts. */
export async function recommendContinuously(db: Database, options: RecommendOptions): Promise<void> {
  const shared = { pool: db.pool, pollMs: POLL_MS, signal: options.signal, log: options.log };
  await Promise.all([
    runContinuously({
      ...shared,
      channel: DELIVERIES,
      work: async () => {
        const { orders, added, byClass } = await walk(db, 'policy', options.scorer !== undefined, options);
        if (orders > 0) options.say(`scored ${orders} orders, ${added} new: ${describeClasses(byClass)}`);
        const undelivered = await findUndelivered(db, options);
        if (undelivered > 0) options.say(`${undelivered} orders were never delivered`);
      },
    }),
    runContinuously({
      ...shared,
      channel: RECOMMENDATIONS,
      work: async () => {
        const { called, byPolicy } = await serveAll(db, options);
        if (called + byPolicy > 0)
          options.say(`of those that waited, asked the agent about ${called}, scored ${byPolicy} by policy`);
      },
    }),
  ]);
}

async function walk(
  db: Database,
  name: CheckpointName,
  defer: boolean,
  options: RecommendOptions,
): Promise<RecommendCounts> {
  const counts: RecommendCounts = { read: 0, orders: 0, added: 0, byClass: { none: 0, partial: 0, full: 0 } };
  const progress = options.startProgress(await countPast(db, name));
  while (!options.signal.aborted) {
    const limit = options.batchSize ?? BATCH;
    const batch = await scoreBatch(db.pool, { clock: options.clock, limit, walk: name, defer });
    if (batch.outcome === 'caught_up') break;
    counts.read += batch.read;
    counts.orders += batch.orders;
    counts.added += batch.added;
    counts.byClass.none += batch.byClass.none;
    counts.byClass.partial += batch.byClass.partial;
    counts.byClass.full += batch.byClass.full;
    progress.update(counts.read);
  }
  progress.stop();
  return counts;
}

async function findUndelivered(
  db: Database,
  { clock, signal, batchSize = BATCH }: RecommendOptions,
): Promise<number> {
  let found = 0;
  while (!signal.aborted) {
    const count = await scoreUndelivered(db.pool, clock, batchSize);
    found += count;
    if (count < batchSize) break;
  }
  return found;
}

/** Serves batch after batch until nothing can be done now: the queue is empty, the hour's budget is, or the agent pauses. */
async function serveAll(db: Database, options: RecommendOptions): Promise<ServeCounts> {
  const total: ServeCounts = { called: 0, byPolicy: 0 };
  while (!options.signal.aborted) {
    const { called, byPolicy } = await serveWaiting(db.pool, options);
    if (called + byPolicy === 0) break;
    total.called += called;
    total.byPolicy += byPolicy;
  }
  return total;
}

function describeClasses(byClass: RecommendCounts['byClass']): string {
  return `${byClass.none} none, ${byClass.partial} partial, ${byClass.full} full`;
}
