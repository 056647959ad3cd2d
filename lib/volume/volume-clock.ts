import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { stateDirectory } from './state-directory.ts';
import { writeFileAtomically } from './write-file.ts';

const clockSchema = z.object({
  version: z.literal(1),
  /** Announced before any event up to it can be seen. */
  at: z.iso.datetime(),
  /** Simulated seconds in one of the wall, or in step with the wall. */
  speed: z.union([z.number().positive(), z.literal('wall')]),
  paused: z.boolean(),
});

/** The clock of a writer whose time is not the wall's: the instant it stands at, its speed, whether it stands still. */
export type VolumeClock = Omit<z.infer<typeof clockSchema>, 'version'>;

const ENDING = '.clock.json';

/** The clock that a writer last announced, or undefined where it follows the wall. @throws OperatorError */
export async function readVolumeClock(volume: string, writer: string): Promise<VolumeClock | undefined> {
  const path = join(stateDirectory(volume), `${writer}${ENDING}`);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text === undefined) return undefined;
  try {
    const { at, speed, paused } = clockSchema.parse(JSON.parse(text));
    return { at, speed, paused };
  } catch (error) {
    const advice = 'Remove it, and the writer follows the wall clock again';
    throw new OperatorError(`${path} is not a clock: ${messageOf(error)}. ${advice}.`, { cause: error });
  }
}

/** Announces a writer's clock, or, given undefined, that it follows the wall. On disk when this returns. */
export async function keepVolumeClock(
  volume: string,
  writer: string,
  clock: VolumeClock | undefined,
): Promise<void> {
  const [directory, name] = [stateDirectory(volume), `${writer}${ENDING}`];
  if (!clock) return rm(join(directory, name), { force: true });
  await writeFileAtomically(directory, name, `${JSON.stringify({ version: 1, ...clock })}\n`);
}

/**
 * What time it is for the events of a volume: the wall's, or, where a writer runs ahead of it, what that writer has
 * announced. No event of an honest writer is newer. @throws OperatorError for a clock that cannot be read.
 */
export async function readVolumeTime(volume: string, wall: Date): Promise<Date> {
  const names = await readdir(stateDirectory(volume)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${stateDirectory(volume)} cannot be listed: ${error.message}.`, {
      cause: error,
    });
  });
  const writers = names.filter((name) => name.endsWith(ENDING) && !name.startsWith('.'));
  const clocks = await Promise.all(
    writers.map((name) => readVolumeClock(volume, name.slice(0, -ENDING.length))),
  );
  return new Date(Math.max(wall.getTime(), ...clocks.map((clock) => (clock ? Date.parse(clock.at) : 0))));
}
