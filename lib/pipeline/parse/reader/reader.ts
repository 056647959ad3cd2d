import type { EventFile } from '#lib/volume/index.ts';
import type { ParsedBatch, ParseOptions } from '../batch.ts';
import { parseBatch } from '../parse-batch.ts';
import { type BatchLimits, type FileFailure, readFiles } from './read-files.ts';

/** A file that was read, without its content. */
export type FileInfo = Pick<EventFile, 'name' | 'size' | 'sha256'>;

/** The files of one batch as they were read; `seen` counts the names that were worked through, `bytes` what is to be parsed. */
export type ReadBatch = {
  id: number;
  files: FileInfo[];
  failures: FileFailure[];
  seen: number;
  bytes: number;
};

/** Reads the files of batches and keeps their contents until they are forgotten; parses them, as often as need be. */
export type Reader = {
  read(volume: string, names: readonly string[], limits: BatchLimits): Promise<ReadBatch>;
  /** @param names those of the batch's files that are parsed. */
  parse(id: number, names: readonly string[], options: ParseOptions): Promise<ParsedBatch>;
  forget(id: number): Promise<void>;
};

/** A reader that does its work where it is called. */
export function createReader(): Reader {
  const batches = new Map<number, EventFile[]>();
  let last = 0;
  return {
    read: async (volume, names, limits) => {
      const { files, failures, seen } = readFiles(volume, names, limits);
      last += 1;
      batches.set(last, files);
      const bytes = files.reduce((sum, file) => sum + (file.content?.length ?? 0), 0);
      return { id: last, files: files.map(describe), failures, seen, bytes };
    },
    parse: async (id, names, options) => {
      const wanted = new Set(names);
      return parseBatch(
        (batches.get(id) ?? []).filter(({ name }) => wanted.has(name)),
        options,
      );
    },
    forget: async (id) => {
      batches.delete(id);
    },
  };
}

function describe({ name, size, sha256 }: EventFile): FileInfo {
  return { name, size, sha256 };
}
