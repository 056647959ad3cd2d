import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '#lib/errors.ts';
import { parseFileName } from '#lib/volume/index.ts';

/**
 * The position of a location in a volume: the end of its newest file, in epoch ms; undefined where it has none.
 * One rename publishes a file and moves the position, so a killed run neither repeats nor loses an event.
 */
export async function findPosition(volume: string, location: string): Promise<number | undefined> {
  const ends = (await listNames(volume))
    .map((name) => parseFileName(name))
    .filter((name) => name?.suffix === location)
    .map((name) => name?.end ?? '');
  const newest = ends.reduce((one, other) => (one > other ? one : other), '');
  return newest === '' ? undefined : Date.parse(newest);
}

/** Removes the temporary files of a location that a killed run left in a volume. */
export async function removeTemporaryFiles(volume: string, location: string): Promise<void> {
  const names = await listNames(volume);
  const temporary = names.filter((name) => name.startsWith('.') && name.endsWith(`-${location}.json.tmp`));
  await Promise.all(temporary.map((name) => rm(join(volume, name), { force: true })));
}

async function listNames(volume: string): Promise<string[]> {
  return readdir(volume).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR')
      throw new OperatorError(`${volume} or a part of its path is a file. Choose another --volume.`);
    throw new OperatorError(`${volume} cannot be listed: ${error.message}.`, { cause: error });
  });
}
