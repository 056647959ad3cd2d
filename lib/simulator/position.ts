import { readdir } from 'node:fs/promises';
import { OperatorError } from '#lib/errors.ts';
import { parseFileName } from '#lib/volume/file-name.ts';

/**
 * How far a location is written in a volume: the end of its newest file, in epoch ms; undefined where it has none.
 * A rename makes file and position appear together, so a killed run neither repeats nor loses an event.
 */
export async function findPosition(volume: string, location: string): Promise<number | undefined> {
  const names = await readdir(volume).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${volume} cannot be listed: ${error.message}.`, { cause: error });
  });
  const ends = names
    .map((name) => parseFileName(name))
    .filter((name) => name?.suffix === location)
    .map((name) => name?.end ?? '');
  const newest = ends.reduce((one, other) => (one > other ? one : other), '');
  return newest === '' ? undefined : Date.parse(newest);
}
