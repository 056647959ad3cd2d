import { sql } from 'drizzle-orm/sql';
import { boolean } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { readCheckpoint } from '../commit/checkpoint.ts';
import type { CommittedBatch, LostBatch } from '../commit/commit-batch.ts';
import type { Target } from '../commit/micro-batch.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { asOnlyWriter, type WriterOptions } from '../writer/only-writer.ts';
import { type AdmittedBatch, admitLateOrders } from './admit-late-orders.ts';
import { replayRecords } from './replay-records.ts';

export type RequestBatch = CommittedBatch | AdmittedBatch | LostBatch;

/** Two partial indexes answer this, so every turn of the ingest loop can ask. */
const selectIsWaiting = statement({
  returns: { isWaiting: boolean },
  sql: () => sql`
    select
      exists (
        select from lakeflow.quarantined_records
        where replay_requested_at is not null and replayed_at is null and dropped_at is null
      ) or exists (
        select from lakeflow.late_events where admit_requested_at is not null and admitted_at is null
      ) as is_waiting`,
});

/**
 * Carries out what people requested through the tables of quarantine and late events, as the one writer.
 * @returns every batch that resulted, in order; only the last one can be lost to another writer.
 */
export async function handleRequests(target: Target): Promise<RequestBatch[]> {
  const batches: RequestBatch[] = [];
  while (!isLastLost(batches) && (await isWaiting(target))) {
    batches.push(...(await replayRecords(targetAfter(target, batches))));
    if (isLastLost(batches)) return batches;
    const admitted = await admitLateOrders(targetAfter(target, batches));
    if (admitted) batches.push(admitted);
  }
  return batches;
}

function isLastLost(batches: readonly RequestBatch[]): boolean {
  return batches.at(-1)?.outcome === 'checkpoint_moved';
}

/** The target for the batch after these. */
function targetAfter(target: Target, batches: readonly RequestBatch[]): Target {
  const last = batches.at(-1);
  return last && last.outcome !== 'checkpoint_moved' ? { ...target, position: last } : target;
}

async function isWaiting({ connection }: Target): Promise<boolean> {
  const [row] = await selectIsWaiting(connection, {});
  return row?.isWaiting ?? false;
}

const POLL_MS = 200;

/**
 * Returns when the requests that `isSettled` asks about are done: by the running pipeline, or by this process if there
 * is none. @param patience ends the wait when it aborts; the requests stay.
 */
export async function settleRequests(
  options: WriterOptions & { volume: string; clock: Clock },
  isSettled: () => Promise<boolean>,
  patience: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const signal = AbortSignal.any([options.signal, patience, settled.signal]);
  const watching = abortOnceSettled(isSettled, settled, { ...options, signal });
  const say = () => options.say('The running pipeline handles it.');
  await asOnlyWriter({ ...options, signal, say }, async (connection) => {
    const { volume, clock } = options;
    const now = await readPipelineTime(volume, clock, options.say);
    const position = await readCheckpoint(connection);
    await handleRequests({ connection, volume, clock, position, now, watermark: false });
  });
  settled.abort();
  await watching;
}

async function abortOnceSettled(
  isSettled: () => Promise<boolean>,
  settled: AbortController,
  { signal, sleep }: Pick<WriterOptions, 'signal' | 'sleep'>,
): Promise<void> {
  while (!signal.aborted) {
    if (await isSettled()) settled.abort();
    else await sleep(POLL_MS, signal);
  }
}
