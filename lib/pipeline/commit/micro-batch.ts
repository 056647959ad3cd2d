import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch } from '../parse/batch.ts';
import { noKeys } from '../parse/event-keys.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { BatchContext } from '../tables/dataset/dataset.ts';
import { isRefusal } from '../writer/database-errors.ts';
import type { Position } from './checkpoint.ts';
import { type CommittedBatch, commitBatch, type LostBatch } from './commit-batch.ts';
import { findStoredKeys, StoredEventsError } from './copy-batch.ts';
import { type Prepared, parseWithout, prepareBatch, type Source } from './prepare-batch.ts';

/** Where a batch is written: by the one writer, after `position`; `now` is the time by the pipeline's clock. */
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
 * Commits files as one micro-batch, as `prepared` if given. If the database refuses the data itself, the files are
 * halved until the refused one is alone and goes to quarantine; the others are not affected.
 * @returns every batch that resulted; the last one may be lost to another writer.
 */
export async function runMicroBatch(
  target: Target,
  source: Source,
  { prepared, refusal }: { prepared?: Prepared; refusal?: Rejection } = {},
): Promise<(CommittedBatch | LostBatch)[]> {
  const { connection, volume, clock, actions } = target;
  const { batch: parsed, options } =
    prepared ?? (await prepareBatch(connection, source, { ...target, refusal }));
  failpoint('after-parse');
  const context = { ...options.context, actions };
  try {
    const committed = await commitOptimistically(connection, {
      parse: (stored) => (stored === noKeys ? parsed : parseWithout(source, options, stored)),
      commit: (batch) => commitBatch(connection, { context, volume, batch, clock }),
    });
    return [committed];
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

type OptimisticCommit<Result> = {
  /** Parses without the events that have these keys, 16 bytes each. */
  parse(stored: Uint8Array): ParsedBatch | Promise<ParsedBatch>;
  commit(batch: ParsedBatch, stored: Uint8Array): Promise<Result>;
};

/**
 * Commits a batch as if all its events were new, as they nearly always are. If some are stored already, their keys are
 * rejected before anything large is sent; the batch is then parsed without them and committed.
 */
export async function commitOptimistically<Result>(
  connection: Connection,
  { parse, commit }: OptimisticCommit<Result>,
): Promise<Result> {
  const batch = await parse(noKeys);
  return commit(batch, noKeys).catch(async (error: unknown) => {
    if (!(error instanceof StoredEventsError)) throw error;
    const stored = await findStoredKeys(connection, batch.keys);
    return commit(await parse(stored), stored);
  });
}
