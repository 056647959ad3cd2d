import type { Database } from '#db/client.ts';
import { runContinuously } from '#db/run-continuously.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import type { Progress } from '#lib/progress.ts';
import { type DeferredCounts, type DeferredOptions, processDeferred } from './deferred/process-deferred.ts';
import { countRemaining, type StreamName } from './stream/checkpoint.ts';
import { reviseChanged, reviseReleased } from './stream/revise-changed.ts';
import type { Revised } from './stream/revise-orders.ts';
import { scoreBatch } from './stream/score-batch.ts';
import { scoreUndelivered } from './stream/score-undelivered.ts';

/** Deliveries per transaction. */
const BATCH = 5_000;
/** The channels that the pipeline notifies when it has committed a batch, and a new or a requested recommendation notifies. */
const DELIVERIES = 'pipeline_batch';
const RECOMMENDATIONS = 'refund_recommendations';
const POLL_MS = 5_000;

export type RecommendOptions = DeferredOptions & {
  say(message: string): void;
  /** Begins a display of the progress over that many deliveries. */
  startProgress: (total: number) => Progress;
  batchSize?: number;
};

/**
 * Of `read` deliveries, `orders` were chosen: everything new and a sample of history. `added` of those got a row they
 * did not have. `byClass` is what the policy says about those chosen.
 */
export type RecommendCounts = {
  read: number;
  orders: number;
  added: number;
  byClass: Record<RefundClass, number>;
};

/**
 * Scores every delivered order that has no recommendation yet, supersedes the recommendations whose facts changed, and
 * returns. A second run has nothing to do.
 */
export async function recommendOnce(
  db: Database,
  options: RecommendOptions,
): Promise<RecommendCounts & Revised & DeferredCounts> {
  const counts = await scoreAll(db, 'policy', options.scorer !== undefined, options);
  return { ...counts, ...(await reviseAll(db, options)), ...(await processAll(db, options)) };
}

/** Scores the rest of history, of which the stream scored a sample; with `byAgent` it is queued for the agent. */
export async function recommendBackfill(
  db: Database,
  options: RecommendOptions & { byAgent: boolean },
): Promise<RecommendCounts> {
  return scoreAll(db, 'backfill', options.byAgent, options);
}

/** Scores orders as they are delivered, and processes deferred orders, until `signal` aborts. */
export async function recommendContinuously(db: Database, options: RecommendOptions): Promise<void> {
  const shared = { pool: db.pool, pollMs: POLL_MS, signal: options.signal, log: options.log };
  await Promise.all([
    runContinuously({
      ...shared,
      channel: DELIVERIES,
      work: async () => {
        const { orders, added, byClass } = await scoreAll(
          db,
          'policy',
          options.scorer !== undefined,
          options,
        );
        if (orders > 0) options.say(`scored ${orders} orders, ${added} new: ${describeClasses(byClass)}`);
        const { undelivered, revised } = await reviseAll(db, options);
        if (undelivered > 0) options.say(`${undelivered} orders were never delivered`);
        if (revised > 0)
          options.say(`${revised} recommendations superseded: the facts of their orders changed`);
      },
    }),
    runContinuously({
      ...shared,
      channel: RECOMMENDATIONS,
      work: async () => {
        const { called, byPolicy } = await processAll(db, options);
        if (called + byPolicy > 0)
          options.say(`deferred orders: ${called} asked of the agent, ${byPolicy} scored by policy`);
      },
    }),
  ]);
}

async function scoreAll(
  db: Database,
  name: StreamName,
  defer: boolean,
  options: RecommendOptions,
): Promise<RecommendCounts> {
  const counts: RecommendCounts = { read: 0, orders: 0, added: 0, byClass: { none: 0, partial: 0, full: 0 } };
  const progress = options.startProgress(await countRemaining(db, name));
  while (!options.signal.aborted) {
    const limit = options.batchSize ?? BATCH;
    const batch = await scoreBatch(db.pool, { clock: options.clock, limit, checkpoint: name, defer });
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

/** Revises what changed, answers what was released from quarantine, and searches for undelivered orders. */
async function reviseAll(db: Database, options: RecommendOptions): Promise<Revised> {
  const { clock, signal, batchSize: limit = BATCH } = options;
  const revising = { clock, signal, limit, defer: options.scorer !== undefined };
  const total = { revised: 0, undelivered: 0 };
  for (const work of [reviseChanged, reviseReleased, scoreUndelivered]) {
    const { revised, undelivered } = await work(db.pool, revising);
    total.revised += revised;
    total.undelivered += undelivered;
  }
  return total;
}

/** Processes batch after batch until nothing is left to do now: the queue is empty, the hour's calls are used up, or the agent is paused. */
async function processAll(db: Database, options: RecommendOptions): Promise<DeferredCounts> {
  const total: DeferredCounts = { called: 0, byPolicy: 0 };
  while (!options.signal.aborted) {
    const { called, byPolicy } = await processDeferred(db.pool, options);
    if (called + byPolicy === 0) break;
    total.called += called;
    total.byPolicy += byPolicy;
  }
  return total;
}

function describeClasses(byClass: RecommendCounts['byClass']): string {
  return `${byClass.none} none, ${byClass.partial} partial, ${byClass.full} full`;
}
