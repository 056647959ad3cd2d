import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { ParsedBatch, ParseOptions } from '../parse/batch.ts';
import { readLocations } from '../parse/locations.ts';
import type { ReadBatch, Reader } from '../parse/reader/reader.ts';
import type { Rejection } from '../tables/bronze/rules.ts';
import type { Position } from './checkpoint.ts';
import { findRepeated, noKeys } from './copy-batch.ts';
import { findKnownContents } from './ledger.ts';

/** Files that a reader has read: `names` of its batch `id`. */
export type Source = { reader: Reader; id: number; names: string[]; files: ReadBatch['files'] };

/** A batch that is parsed as the one after `position`; `repeats` says that the database knew some of its events. */
export type Prepared = {
  position: Position;
  batch: ParsedBatch;
  options: ParseOptions;
  repeats: boolean;
};

type Target = { clock: Clock; position: Position; now: Date; watermark: boolean };

type More = {
  refusal?: Rejection | undefined;
  /** What the batch that is being committed takes: its contents, sha256 → the file, and the keys of its events. */
  underway?: { contents: ReadonlyMap<string, string>; keys: Uint8Array };
  /** Whether to look which events were taken before, and not to find out when they are committed. */
  careful?: boolean;
};

const nothing = { contents: new Map<string, string>(), keys: noKeys };

/** Parses files as the batch after `position`. @param database is asked which contents were taken and where locations are. */
export async function prepareBatch(
  database: Pick<Connection, 'query'>,
  { clock, position, now, watermark }: Target,
  source: Source,
  { refusal, underway = nothing, careful = false }: More,
): Promise<Prepared> {
  const { reader, id, names, files } = source;
  const context = { batchId: position.batchId + 1, takenAt: clock.now() };
  const hashes = files.map(({ sha256 }) => sha256);
  const known = new Map([...underway.contents, ...(await findKnownContents(database, hashes))]);
  failpoint('after-known-contents');
  const options: ParseOptions = {
    ...{ context, known, now, watermark, refusal },
    places: await readLocations(database),
    newestTs: position.newestTs,
    repeated: underway.keys,
  };
  const batch = await reader.parse(id, names, options);
  const prepared = { position, options, batch, repeats: false };
  return careful ? withoutRepeated(database, prepared, source) : prepared;
}

async function withoutRepeated(
  database: Pick<Connection, 'query'>,
  prepared: Prepared,
  source: Source,
): Promise<Prepared> {
  const repeated = await findRepeated(database, prepared.batch.keys);
  if (repeated.length === 0) return prepared;
  const batch = await parseWithout(source, prepared.options, repeated);
  return { ...prepared, batch, repeats: true };
}

/** Parses files again, without events of which it has shown that they were taken before. */
export function parseWithout(
  { reader, id, names }: Source,
  options: ParseOptions,
  repeated: Uint8Array,
): Promise<ParsedBatch> {
  return reader.parse(id, names, { ...options, repeated: Buffer.concat([options.repeated, repeated]) });
}

/** Whether a batch was parsed as the one after `position`: it is not where the one before became several. */
export function follows(prepared: Prepared, position: Position): boolean {
  return prepared.position.batchId === position.batchId && prepared.position.newestTs === position.newestTs;
}
