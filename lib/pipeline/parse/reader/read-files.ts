import { type EventFile, readEventFile, UnreadableFileError } from '#lib/volume/index.ts';

/** A file that could not be read now, and why. */
export type FileFailure = { file: string; why: string };

/** Sizes in bytes; a file larger than `maxFileBytes`, packed or unpacked, is a failure. */
export type BatchLimits = { maxFiles: number; maxBytes: number; maxFileBytes: number };

/** What was read for one batch; `seen` counts the names that were worked through. */
export type ReadFiles = { files: EventFile[]; failures: FileFailure[]; seen: number };

/** Reads files in their order until a batch is full. A file that cannot be read is named and left out. */
export function readFiles(volume: string, names: readonly string[], limits: BatchLimits): ReadFiles {
  const read: ReadFiles = { files: [], failures: [], seen: 0 };
  let bytes = 0;
  for (const name of names) {
    if (read.files.length >= limits.maxFiles || bytes >= limits.maxBytes) break;
    read.seen += 1;
    const file = readOne(volume, name, limits);
    if (file instanceof UnreadableFileError) {
      read.failures.push({ file: name, why: file.message });
      continue;
    }
    read.files.push(file);
    bytes += file.content?.length ?? file.size;
  }
  return read;
}

function readOne(
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
