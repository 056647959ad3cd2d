import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';

/** The content of a volume: the names of `files` in order, and the `skipped` entries with the reason for each. */
export type VolumeListing = { files: string[]; skipped: { name: string; reason: string }[] };

const EVENT_FILE = /\.(json|jsonl|ndjson)(\.gz)?$/i;

/**
 * Lists the event files of a volume. Names that start with "." or end with ".tmp" are still being written and are
 * ignored. A directory that does not exist yet counts as empty.
 * @throws OperatorError where the path is not a directory or cannot be read.
 */
export async function listFiles(directory: string): Promise<VolumeListing> {
  const entries = (await readEntries(directory)).filter(
    ({ name }) => !name.startsWith('.') && !name.endsWith('.tmp'),
  );
  const listing: VolumeListing = { files: [], skipped: [] };
  for (const entry of entries) {
    const reason = skipReason(entry);
    if (reason === undefined) listing.files.push(entry.name);
    else listing.skipped.push({ name: entry.name, reason });
  }
  listing.files.sort();
  return listing;
}

async function readEntries(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(
      `The volume ${directory} cannot be listed: ${messageOf(error)}. Correct that, or choose another directory.`,
      { cause: error },
    );
  });
}

function skipReason(entry: Dirent): string | undefined {
  if (entry.isDirectory()) return 'it is a directory';
  if (entry.isSymbolicLink()) return 'it is a symbolic link';
  if (!entry.isFile()) return 'it is not a regular file';
  return EVENT_FILE.test(entry.name) ? undefined : 'its name does not end in .json, .jsonl or .ndjson';
}
