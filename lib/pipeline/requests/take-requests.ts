import type { Position } from '../commit/checkpoint.ts';
import type { CommittedBatch, LostBatch } from '../commit/commit-batch.ts';
import type { Target } from '../commit/micro-batch.ts';
import { type AdmittedBatch, admitLateOrders } from './admit-late-orders.ts';
import { replayRecords } from './replay-records.ts';

export type RequestBatch = CommittedBatch | AdmittedBatch | LostBatch;

/** Two partial indexes answer this, so it may be asked at every turn. */
const waiting = `
select
  exists (
    select from lakeflow.quarantined_records
    where replay_requested_at is not null and replayed_at is null and dropped_at is null
  ) or exists (
    select from lakeflow.late_events where admit_requested_at is not null and admitted_at is null
  ) as waiting`;

/**
 * Does what people have asked for through the tables of quarantine and late events, as the one writer.
 * @returns every batch that came of it, in order; after one that was lost to another writer there is none.
 */
export async function takeRequests(target: Target): Promise<RequestBatch[]> {
  const batches: RequestBatch[] = [];
  let position: Position = target.position;
  const take = async (work: (target: Target) => Promise<RequestBatch[]>) => {
    const done = await work({ ...target, position });
    batches.push(...done);
    const last = done.at(-1);
    if (last && last.outcome !== 'checkpoint_moved') position = last;
    return last?.outcome === 'checkpoint_moved';
  };
  while (await isWaiting(target)) {
    if (await take(replayRecords)) return batches;
    if (await take(async (at) => [await admitLateOrders(at)].filter((batch) => batch !== undefined)))
      return batches;
  }
  return batches;
}

async function isWaiting({ connection }: Target): Promise<boolean> {
  const { rows } = await connection.query<{ waiting: boolean }>(waiting);
  return rows[0]?.waiting ?? false;
}
