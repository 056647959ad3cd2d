import type { Runner } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch, ParseOptions } from '../parse/batch.ts';
import { noKeys } from '../parse/event-keys.ts';
import { readLocations } from '../parse/locations.ts';
import type { ReadBatch, Reader } from '../parse/reader/reader.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { Position } from './checkpoint.ts';
import { findStoredKeys } from './copy-batch.ts';
import { findKnownContents } from './ingested-files.ts';
import { findBrokenBefore } from './quarantine.ts';

/** Files that a reader has read: `names` of its batch `id`. Those in `readAgain` were ingested before and have changed. */
export type Source = {
  reader: Reader;
  id: number;
  names: string[];
  files: ReadBatch['files'];
  readAgain: ReadonlySet<string>;
};

/** A batch that was parsed as the one after `position`; `hasStored` says that some of its events are already stored. */
export type Prepared = {
  position: Position;
  batch: ParsedBatch;
  options: ParseOptions;
  hasStored: boolean;
};

type PrepareOptions = {
  volume: string;
  clock: Clock;
  position: Position;
  /** The time by the pipeline's clock. */
  now: Date;
  watermark: boolean;
  refusal?: Rejection | undefined;
  /** What the batch that is being committed brings: its contents, sha256 → the file, and the keys of its events. */
  inProgress?: { contents: ReadonlyMap<string, string>; keys: Uint8Array };
  /** Looks up the stored events now, instead of finding them when the batch is committed. */
  precheckDuplicates?: boolean;
};

/** Parses files as the batch after `position`. @param connection reads the known contents and the locations. */
export async function prepareBatch(
  connection: Runner,
  source: Source,
  options: PrepareOptions,
): Promise<Prepared> {
  const {
    volume,
    clock,
    position,
    now,
    watermark,
    refusal,
    inProgress,
    precheckDuplicates = false,
  } = options;
  const { reader, id, names, files } = source;
  const readAgain = names.filter((name) => source.readAgain.has(name));
  const hashes = files.map(({ sha256 }) => sha256);
  const ingested = await findKnownContents(connection, hashes);
  failpoint('after-known-contents');
  const parseOptions: ParseOptions = {
    context: { batchId: position.batchId + 1, ingestedAt: clock.now() },
    knownContents: new Map([...(inProgress?.contents ?? []), ...ingested]),
    locations: await readLocations(connection),
    maxEventTs: position.maxEventTs,
    storedKeys: inProgress?.keys ?? noKeys,
    brokenBefore: await findBrokenBefore(connection, volume, readAgain),
    ...{ now, watermark, refusal },
  };
  const batch = await reader.parse(id, names, parseOptions);
  const prepared = { position, options: parseOptions, batch, hasStored: false };
  if (!precheckDuplicates && readAgain.length === 0) return prepared;
  const stored = await findStoredKeys(connection, batch.keys);
  if (stored.length === 0) return prepared;
  return { ...prepared, batch: await parseWithout(source, parseOptions, stored), hasStored: true };
}

/** Parses files again, without events that turned out to be stored. */
export function parseWithout(
  { reader, id, names }: Source,
  options: ParseOptions,
  stored: Uint8Array,
): Promise<ParsedBatch> {
  return reader.parse(id, names, { ...options, storedKeys: Buffer.concat([options.storedKeys, stored]) });
}

/** Whether a batch was parsed as the one after `position`. It was not if the previous one became several batches. */
export function follows(prepared: Prepared, position: Position): boolean {
  return (
    prepared.position.batchId === position.batchId && prepared.position.maxEventTs === position.maxEventTs
  );
}
