import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { isRefusal } from '../writer/is-transient.ts';
import type { Position } from './checkpoint.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from './commit-batch.ts';
import { commitOnce } from './commit-once.ts';
import { noKeys } from './copy-batch.ts';
import { type Prepared, parseWithout, prepareBatch, type Source } from './prepare-batch.ts';

/** Where a batch is written: by the one writer, after `position`; `now` and `watermark` are what it is judged by. */
export type Target = {
  connection: Connection;
  volume: string;
  clock: Clock;
  position: Position;
  now: Date;
  watermark: boolean;
  actions?: BatchContext['actions'];
};

/**
 * Commits files as one micro-batch, as they were parsed if they were. Where the database refuses the data
 * itself, the files are halved until the one at fault stands alone; it goes to quarantine, the others are none the worse.
 * @returns every batch that came of it, the last of which may be lost to another writer.
 */
export async function runMicroBatch(
  target: Target,
  source: Source,
  { prepared, refusal }: { prepared?: Prepared; refusal?: Rejection } = {},
): Promise<(CommittedBatch | LostBatch)[]> {
  const { connection, volume, clock, actions } = target;
  const { batch, options } = prepared ?? (await prepareBatch(connection, target, source, { refusal }));
  failpoint('after-parse');
  const parse = (repeated: Uint8Array) =>
    repeated === noKeys ? batch : parseWithout(source, options, repeated);
  const commit = (parsed: ParsedBatch) =>
    commitBatch(connection, { ...options.context, actions }, volume, parsed, clock);
  try {
    return [await commitOnce(connection, parse, commit)];
  } catch (error) {
    if (!isRefusal(error) || refusal) throw error;
    const refused: Rejection = { rule: 'refused_by_database', reason: error.message };
    if (source.names.length === 1) return runMicroBatch(target, source, { refusal: refused });
    return runHalves(target, source);
  }
}

async function runHalves(target: Target, source: Source): Promise<(CommittedBatch | LostBatch)[]> {
  const { names } = source;
  const half = Math.ceil(names.length / 2);
  const first = await runMicroBatch(target, { ...source, names: names.slice(0, half) });
  const last = first.at(-1);
  if (last?.outcome !== 'committed') return first;
  const rest = { ...source, names: names.slice(half) };
  return [...first, ...(await runMicroBatch({ ...target, position: last }, rest))];
}
