import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '#lib/errors.ts';
import { stateDirectory } from '#lib/volume/index.ts';

/** The text of what a location has noted in a volume, or undefined before its first run. @throws OperatorError */
export async function readStateFile(
  volume: string,
  location: string,
): Promise<{ path: string; text: string } | undefined> {
  const path = join(stateDirectory(volume), `${location}.json`);
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read: ${message}.`, { cause: error });
  }
}
