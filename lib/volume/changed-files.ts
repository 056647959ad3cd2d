import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { readEventFile, UnreadableFileError } from './read-file.ts';

/** A file as it was when it was last read: `size` in bytes, `modifiedMs` since 1970. */
export type ReadFile = { path: string; size: number; modifiedMs: number; sha256: string };

/** A file that has other content than when it was last read; sizes in bytes. */
export type ChangedFile = { name: string; sizeBefore: number; size: number };

/**
 * Which files have changed since they were read. Only one of the same size and another time is read, to compare its
 * content; one that is gone or cannot be read has not changed. Synchronous, because a promise for each file would cost ten times the check.
 * @param limit the maximum size in bytes of a file that is read.
 */
export function findChangedFiles(
  directory: string,
  files: readonly ReadFile[],
  limit: number,
): ChangedFile[] {
  return files.flatMap((file) => {
    const stats = statOf(directory, file);
    if (!stats?.isFile()) return [];
    const isTouched = Math.abs(stats.mtimeMs - file.modifiedMs) > 1;
    const hasChanged = stats.size !== file.size || (isTouched && hasOtherContent(directory, file, limit));
    return hasChanged ? [{ name: file.path, sizeBefore: file.size, size: stats.size }] : [];
  });
}

function statOf(directory: string, { path }: ReadFile): Stats | undefined {
  try {
    return statSync(join(directory, path), { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function hasOtherContent(directory: string, { path, sha256 }: ReadFile, limit: number): boolean {
  try {
    return readEventFile(directory, path, limit).sha256 !== sha256;
  } catch (error) {
    if (error instanceof UnreadableFileError) return false;
    throw error;
  }
}
