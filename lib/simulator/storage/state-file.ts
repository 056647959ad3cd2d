import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, OperatorError, UsageError } from '#lib/errors.ts';
import { stateDirectory, writeFileAtomically } from '#lib/volume/index.ts';

type StateFile<Value> = {
  /** The name of the file in the state directory of the volume. */
  name: string;
  /** What the file should contain, for the error message: "a simulator state". */
  content: string;
  /** Checks the parsed JSON; throws where it is something else. */
  parse: (value: unknown) => Value;
};

/**
 * Reads a JSON file that is kept beside a volume; undefined where it does not exist.
 * @throws OperatorError where the file is unreadable or invalid; a UsageError of `parse` is passed on.
 */
export async function readStateFile<Value>(
  volume: string,
  { name, content, parse }: StateFile<Value>,
): Promise<Value | undefined> {
  const path = join(stateDirectory(volume), name);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const advice = 'Restore it, or choose another --volume';
    throw new OperatorError(`${path} is not ${content}: ${messageOf(error)}. ${advice}.`, { cause: error });
  }
}

/** Writes a JSON file beside a volume, atomically. */
export async function writeStateFile(volume: string, name: string, value: object): Promise<void> {
  await writeFileAtomically(stateDirectory(volume), name, `${JSON.stringify(value, null, 2)}\n`);
}
