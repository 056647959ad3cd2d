import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { failpoint } from '#lib/failpoint.ts';
import type { Position } from '../commit/checkpoint.ts';
import { type Prepared, prepareBatch } from '../commit/prepare-batch.ts';
import { type BatchLimits, createReader, type ReadBatch, type Reader } from '../parse/reader/reader.ts';
import { createThreadedReader, type ThreadedReader } from '../parse/reader/threaded-reader.ts';

/** A batch of this size is worth a thread that parses the next one in the meantime. */
const MIN_THREAD_BYTES = 1_048_576;

/** The next batch: what was read, by which reader, and how it was parsed if it was parsed ahead. */
export type NextBatch = ReadBatch & { reader: Reader; prepared?: Prepared | undefined };

/** The batch that is being committed: the position after it, and the keys of its events; which files are read again. */
type InProgress = {
  position: Position;
  keys: Uint8Array;
  precheckDuplicates: boolean;
  readAgain: ReadonlySet<string>;
};

type ReadAheadOptions = {
  db: Pick<Database, 'pool'>;
  volume: string;
  limits: BatchLimits;
  clock: Clock;
  watermark: boolean;
  readTime(): Promise<Date>;
};

/** Reads the batches of a run one after the other; a large one on a thread, while the previous one is committed. */
export class ReadAhead {
  readonly #options: ReadAheadOptions;
  readonly #local = createReader();
  #thread: ThreadedReader | undefined;
  #ahead: Promise<NextBatch> | undefined;

  constructor(options: ReadAheadOptions) {
    this.#options = options;
  }

  /** The batch that was started ahead, or the first files of `names`, as many as a batch takes. */
  async next(names: readonly string[]): Promise<NextBatch> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    return ahead ?? this.#read(this.#local, names);
  }

  /** Starts the batch after `current`, which is about to be committed, if it is worth a thread. */
  start(names: readonly string[], current: NextBatch, inProgress: InProgress): void {
    if (names.length === 0 || current.bytes < MIN_THREAD_BYTES) return;
    this.#thread ??= createThreadedReader();
    this.#ahead = this.#prepare(this.#thread, names, current, inProgress);
    // The caller of `next` gets the error; if it is discarded instead, it must not end the process.
    this.#ahead.catch(() => undefined);
  }

  /** Discards what was started ahead. */
  async discard(): Promise<void> {
    const ahead = await this.#ahead?.catch(() => undefined);
    this.#ahead = undefined;
    await ahead?.reader.discard(ahead.id);
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
    { position, keys, precheckDuplicates, readAgain }: InProgress,
  ): Promise<NextBatch> {
    const next = await this.#read(reader, names);
    const { db, volume, clock, watermark, readTime } = this.#options;
    const contents = new Map(files.filter(({ size }) => size > 0).map(({ sha256, name }) => [sha256, name]));
    const source = { ...next, names: next.files.map(({ name }) => name), readAgain };
    const prepared = await prepareBatch(db.pool, source, {
      ...{ volume, clock, watermark, position, now: await readTime() },
      inProgress: { contents, keys },
      precheckDuplicates,
    });
    return { ...next, prepared };
  }
}
