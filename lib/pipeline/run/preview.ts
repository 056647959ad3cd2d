import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { type ChangedFile, type EventFile, listFiles } from '#lib/volume/index.ts';
import { findStoredKeys } from '../commit/copy-batch.ts';
import { findKnownContents, listIngested } from '../commit/ingested-files.ts';
import { findBrokenBefore } from '../commit/quarantine.ts';
import { keyTexts, noKeys } from '../parse/event-keys.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { parseBatch } from '../parse/parse-batch.ts';
import { type BatchLimits, type FileFailure, readFiles } from '../parse/reader/reader.ts';
import type { Rule } from '../tables/bronze/rules.ts';
import { listChangedFiles } from './changed-files.ts';

/** What a run would ingest, in files, bytes as they are on disk, and records. */
export type Preview = {
  files: number;
  bytes: number;
  duplicateFiles: number;
  /** Ingested files that have grown or were written again; they are counted, too. */
  changedFiles: ChangedFile[];
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  /** How many of the quarantined records break which rule. */
  rules: Partial<Record<Rule, number>>;
  /** Files that could not be read and would be left for later, and names that are not event files. */
  failures: FileFailure[];
  skipped: { name: string; reason: string }[];
};

export type PreviewOptions = {
  db: Pick<Database, 'pool'>;
  volume: string;
  limits: BatchLimits;
  clock: Clock;
  signal: AbortSignal;
  say(message: string): void;
  onProgress?(seen: number, total: number): void;
};

/** What the batches before brought: contents, sha256 → the file, and the keys of their events. */
type Seen = { contents: Map<string, string>; keys: Set<string> };

/** Counts what a run would ingest now, by the rules of a run. Reads files and tables, and writes nothing. */
export async function previewRun(options: PreviewOptions): Promise<Preview> {
  const { db, volume, limits, signal } = options;
  const { files, skipped } = await listFiles(volume);
  const ingested = await listIngested(db.pool, volume);
  const changedFiles = await listChangedFiles(db.pool, volume, limits.maxFileBytes);
  const changed = new Set(changedFiles.map(({ name }) => name));
  const pending = files.filter((name) => !ingested.has(name) || changed.has(name));
  const counts = { files: 0, bytes: 0, duplicateFiles: 0, records: 0, events: 0, duplicates: 0 };
  const preview: Preview = { ...counts, changedFiles, quarantined: 0, rules: {}, failures: [], skipped };
  const seen: Seen = { contents: new Map(), keys: new Set() };
  for (let rest = pending; rest.length > 0; ) {
    signal.throwIfAborted();
    const read = readFiles(volume, rest, limits);
    preview.failures.push(...read.failures);
    await addBatch(preview, options, seen, read.files);
    rest = rest.slice(read.seen);
    options.onProgress?.(pending.length - rest.length, pending.length);
  }
  return preview;
}

async function addBatch(
  preview: Preview,
  { db, volume, clock, say }: PreviewOptions,
  seen: Seen,
  files: readonly EventFile[],
): Promise<void> {
  const hashes = files.map(({ sha256 }) => sha256);
  const changed = new Set(preview.changedFiles.map(({ name }) => name));
  const again = files.map(({ name }) => name).filter((name) => changed.has(name));
  const batch = parseBatch(files, {
    context: { batchId: 0, ingestedAt: clock.now() },
    locations: { codes: new Map(), ids: new Map() },
    knownContents: new Map([...seen.contents, ...(await findKnownContents(db.pool, hashes))]),
    now: await readPipelineTime(volume, clock, say),
    maxEventTs: undefined,
    watermark: false,
    storedKeys: noKeys,
    brokenBefore: await findBrokenBefore(db.pool, volume, again),
  });
  const stored = keyTexts(await findStoredKeys(db.pool, batch.keys));
  const keys = [...keyTexts(batch.keys)].filter((key) => !seen.keys.has(key) && !stored.has(key));
  for (const key of keys) seen.keys.add(key);
  for (const { sha256, name, size } of files) if (size > 0) seen.contents.set(sha256, name);
  preview.files += files.length;
  preview.bytes += files.reduce((sum, { size }) => sum + size, 0);
  preview.duplicateFiles += batch.files.filter(({ duplicateOf }) => duplicateOf !== null).length;
  preview.records += batch.records;
  preview.events += keys.length;
  preview.duplicates += batch.records - batch.quarantined.length - keys.length;
  preview.quarantined += batch.quarantined.length;
  for (const { rule } of batch.quarantined) preview.rules[rule] = (preview.rules[rule] ?? 0) + 1;
}
