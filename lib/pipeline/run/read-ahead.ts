import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Position } from '../commit/checkpoint.ts';
import { type Prepared, prepareBatch } from '../commit/prepare-batch.ts';
import type { BatchLimits } from '../parse/reader/read-files.ts';
import { createReader, type ReadBatch, type Reader } from '../parse/reader/reader.ts';
import { createThreadedReader, type ThreadedReader } from '../parse/reader/threaded-reader.ts';

/** From these bytes on a batch is worth a thread that parses the next one meanwhile. */
const WORTH_A_THREAD = 1_048_576;

/** What a drain knows of its next batch: what was read, by which reader, and how it was parsed if ahead. */
export type NextBatch = ReadBatch & { reader: Reader; prepared?: Prepared | undefined };

/** The batch that is about to be committed: where the stream stands after it, and the keys of its events. */
type Underway = { position: Position; keys: Uint8Array; careful: boolean };

type Options = {
  db: Pick<Database, 'pool'>;
  volume: string;
  limits: BatchLimits;
  clock: Clock;
  watermark: boolean;
  readTime(): Promise<Date>;
};

/** Reads the batches of a run one after the other; large ones on a thread, while the one before is committed. */
export class ReadAhead {
  readonly #options: Options;
  readonly #local = createReader();
  #thread: ThreadedReader | undefined;
  #ahead: Promise<NextBatch> | undefined;

  constructor(options: Options) {
    this.#options = options;
  }

  /** The first files of `names`, as many as a batch takes. */
  async next(names: readonly string[]): Promise<NextBatch> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? this.#read(this.#local, names);
  }

  /** Begins with the batch after `current`, which is about to be committed, where that is worth while. */
  begin(names: readonly string[], current: NextBatch, after: Underway): void {
    if (names.length === 0 || current.bytes < WORTH_A_THREAD) return;
    this.#thread ??= createThreadedReader();
    this.#ahead = this.#prepare(this.#thread, names, current, after);
    // Whoever asks for it gets the error; nobody may.
    this.#ahead.catch(() => undefined);
  }

  /** Lets go of what was begun. */
  async drop(): Promise<void> {
    const ahead = await this.#ahead?.catch(() => undefined);
    this.#ahead = undefined;
    await ahead?.reader.forget(ahead.id);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
    this.#thread = undefined;
    this.#ahead = undefined;
  }

  async #read(reader: Reader, names: readonly string[]): Promise<NextBatch> {
    const batch = await reader.read(this.#options.volume, names, this.#options.limits);
    failpoint('after-read-files');
    return { ...batch, reader };
  }

  async #prepare(
    reader: Reader,
    names: readonly string[],
    { files }: NextBatch,
    { position, keys, careful }: Underway,
  ): Promise<NextBatch> {
    const next = await this.#read(reader, names);
    const { db, clock, watermark, readTime } = this.#options;
    const target = { clock, watermark, position, now: await readTime() };
    const contents = new Map(files.filter(({ size }) => size > 0).map(({ sha256, name }) => [sha256, name]));
    const source = { ...next, names: next.files.map(({ name }) => name) };
    const prepared = await prepareBatch(db.pool, target, source, { underway: { contents, keys }, careful });
    return { ...next, prepared };
  }
}
