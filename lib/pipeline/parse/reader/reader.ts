import { type EventFile, readEventFile, UnreadableFileError } from '#lib/volume/index.ts';
import type { ParsedBatch, ParseOptions } from '../batch.ts';
import { parseBatch } from '../parse-batch.ts';

/** A file that could not be read now. */
export type FileFailure = { file: string; reason: string };

/** Limits of one batch. Sizes are bytes; a file larger than `maxFileBytes`, packed or unpacked, is a failure. */
export type BatchLimits = { maxFiles: number; maxBytes: number; maxFileBytes: number };

/** What was read for one batch; `seen` counts the names that were worked through. */
export type ReadFiles = { files: EventFile[]; failures: FileFailure[]; seen: number };

/** A file that was read, without its content. */
export type FileInfo = Pick<EventFile, 'name' | 'size' | 'sha256'>;

/** The files of one batch as they were read; `bytes` is the size of what is to be parsed. */
export type ReadBatch = Omit<ReadFiles, 'files'> & { id: number; files: FileInfo[]; bytes: number };

/** Reads the files of batches, keeps their contents until they are discarded, and parses them as often as necessary. */
export type Reader = {
  read(volume: string, names: readonly string[], limits: BatchLimits): Promise<ReadBatch>;
  /** @param names the files of the batch that are parsed. */
  parse(id: number, names: readonly string[], options: ParseOptions): Promise<ParsedBatch>;
  discard(id: number): Promise<void>;
};

/** A reader that works on the thread that calls it. */
export function createReader(): Reader {
  const batches = new Map<number, EventFile[]>();
  let lastId = 0;
  return {
    read: async (volume, names, limits) => {
      const { files, failures, seen } = readFiles(volume, names, limits);
      lastId += 1;
      batches.set(lastId, files);
      const bytes = files.reduce((sum, file) => sum + (file.content?.length ?? 0), 0);
      const infos = files.map(({ name, size, sha256 }) => ({ name, size, sha256 }));
      return { id: lastId, files: infos, failures, seen, bytes };
    },
    parse: async (id, names, options) => {
      const wanted = new Set(names);
      const files = (batches.get(id) ?? []).filter(({ name }) => wanted.has(name));
      return parseBatch(files, options);
    },
    discard: async (id) => {
      batches.delete(id);
    },
  };
}

/** Reads files in their order until a batch is full. A file that cannot be read is reported and left out. */
export function readFiles(volume: string, names: readonly string[], limits: BatchLimits): ReadFiles {
  const read: ReadFiles = { files: [], failures: [], seen: 0 };
  let bytes = 0;
  for (const name of names) {
    if (read.files.length >= limits.maxFiles || bytes >= limits.maxBytes) break;
    read.seen += 1;
    const file = readOrFail(volume, name, limits);
    if (file instanceof UnreadableFileError) {
      read.failures.push({ file: name, reason: file.message });
      continue;
    }
    read.files.push(file);
    bytes += file.content?.length ?? file.size;
  }
  return read;
}

function readOrFail(
  volume: string,
  name: string,
  { maxFileBytes }: BatchLimits,
): EventFile | UnreadableFileError {
  try {
    return readEventFile(volume, name, maxFileBytes);
  } catch (error) {
    if (error instanceof UnreadableFileError) return error;
    throw error;
  }
}
