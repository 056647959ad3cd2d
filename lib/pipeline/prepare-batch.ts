import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import { readPlaces } from './bronze/places.ts';
import type { Rejection } from './bronze/rules.ts';
import type { Position } from './checkpoint.ts';
import { findKnownContents } from './ledger.ts';
import type { ParsedBatch, ParseOptions } from './reading/parse-batch.ts';
import type { ReadBatch, Reader } from './reading/reader.ts';

/** Files that a reader has read: `names` of its batch `id`. */
export type Source = { reader: Reader; id: number; names: string[]; files: ReadBatch['files'] };

/** A batch that is parsed as the one after `position`. */
export type Prepared = { position: Position; batch: ParsedBatch; options: ParseOptions };

type Target = { clock: Clock; position: Position; now: Date; watermark: boolean };

type More = {
  refusal?: Rejection | undefined;
  /** Contents of the batch that is being committed: sha256 → the file. */
  underway?: ReadonlyMap<string, string>;
};

/** Parses files as the batch after `position`. @param database is asked which contents were taken and where locations are. */
export async function prepareBatch(
  database: Pick<Connection, 'query'>,
  { clock, position, now, watermark }: Target,
  { reader, id, names, files }: Source,
  { refusal, underway = new Map() }: More,
): Promise<Prepared> {
  const context = { batchId: position.batchId + 1, takenAt: clock.now() };
  const hashes = files.map(({ sha256 }) => sha256);
  const known = new Map([...underway, ...(await findKnownContents(database, hashes))]);
  failpoint('after-known-contents');
  const options: ParseOptions = {
    ...{ context, known, now, watermark, refusal },
    places: await readPlaces(database),
    newestTs: position.newestTs,
    repeated: new Set(),
  };
  return { position, options, batch: await reader.parse(id, names, options) };
}

/** Whether a batch was parsed as the one after `position`: it is not where the one before became several. */
export function follows(prepared: Prepared, position: Position): boolean {
  return prepared.position.batchId === position.batchId && prepared.position.newestTs === position.newestTs;
}
