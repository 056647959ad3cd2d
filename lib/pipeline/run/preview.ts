import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { EventFile } from '#lib/volume/index.ts';
import { listFiles, splitRecords } from '#lib/volume/index.ts';
import { findRepeated } from '../commit/copy-batch.ts';
import { findKnownContents, listTaken } from '../commit/ledger.ts';
import { EventKeys, eventKey, keyTexts } from '../parse/event-keys.ts';
import { horizonAt, readPipelineTime } from '../parse/event-time.ts';
import { parseEvent } from '../parse/parse-event.ts';
import { type BatchLimits, type FileFailure, readFiles } from '../parse/reader/read-files.ts';
import type { Rule } from '../tables/bronze/rules.ts';

/** What a drain would take, in files, bytes as they lie on disk, and records. */
export type Preview = {
  files: number;
  bytes: number;
  duplicateFiles: number;
  records: number;
  events: number;
  duplicates: number;
  quarantined: number;
  /** Of those in quarantine, how many break which rule. */
  rules: Partial<Record<Rule, number>>;
  /** Files that could not be read and would be left for later, and names that are no event files. */
  failures: FileFailure[];
  skipped: { name: string; why: string }[];
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

/** Tells what a drain would take now, by the rules that it would go by. Reads files and tables, and writes nothing. */
export async function previewDrain(options: PreviewOptions): Promise<Preview> {
  const { db, volume, limits, signal } = options;
  const { files, skipped } = await listFiles(volume);
  const taken = await listTaken(db.pool, volume);
  const pending = files.filter((name) => !taken.has(name));
  const preview = createPreview(skipped);
  const seen = { ids: new Set<string>(), contents: new Set<string>() };
  for (let rest = pending; rest.length > 0; ) {
    signal.throwIfAborted();
    const read = readFiles(volume, rest, limits);
    preview.failures.push(...read.failures);
    await previewBatch(options, preview, seen, read.files);
    rest = rest.slice(read.seen);
    options.onProgress?.(pending.length - rest.length, pending.length);
  }
  return preview;
}

function createPreview(skipped: Preview['skipped']): Preview {
  const counts = {
    files: 0,
    bytes: 0,
    duplicateFiles: 0,
    records: 0,
    events: 0,
    duplicates: 0,
    quarantined: 0,
  };
  return { ...counts, rules: {}, failures: [], skipped };
}

type Seen = { ids: Set<string>; contents: Set<string> };

async function previewBatch(
  { db, volume, clock, say }: PreviewOptions,
  preview: Preview,
  seen: Seen,
  files: readonly EventFile[],
): Promise<void> {
  const horizon = horizonAt(await readPipelineTime(volume, clock, say));
  const known = await findKnownContents(
    db.pool,
    files.map(({ sha256 }) => sha256),
  );
  const ids: string[] = [];
  for (const file of files) {
    preview.files += 1;
    preview.bytes += file.size;
    if (file.size > 0 && (known.has(file.sha256) || seen.contents.has(file.sha256)))
      preview.duplicateFiles += 1;
    else ids.push(...previewFile(preview, file, horizon));
    seen.contents.add(file.sha256);
  }
  const fresh = ids.filter((id) => !seen.ids.has(id));
  for (const id of fresh) seen.ids.add(id);
  const added = new Set(fresh).size - keyTexts(await findRepeated(db.pool, keysOf(fresh))).size;
  preview.events += added;
  preview.duplicates += ids.length - added;
}

/** @returns the event ids of the records that would be taken. */
function previewFile(preview: Preview, file: EventFile, horizon: string): string[] {
  const ids: string[] = [];
  const drop = (rule: Rule) => {
    preview.records += 1;
    preview.quarantined += 1;
    preview.rules[rule] = (preview.rules[rule] ?? 0) + 1;
  };
  if (!file.content) drop('unreadable_gzip');
  for (const { bytes } of file.content ? splitRecords(file.content) : []) {
    const { value, rejection } = parseEvent(bytes);
    if (!value) drop(rejection.rule);
    else if (value.ts > horizon) drop('future_ts');
    else ids.push(value.event_id);
  }
  preview.records += ids.length;
  return ids;
}

function keysOf(ids: readonly string[]): Uint8Array {
  const keys = new EventKeys();
  for (const id of new Set(ids)) keys.add(eventKey(id));
  return keys.finish();
}
