import { readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { writeFileAtomically } from './write-file.ts';

/** The directory beside a volume for data of its writers that is not events. Readers of event files ignore it. */
export function stateDirectory(volume: string): string {
  return `${resolve(volume)}-state`;
}

const clockSchema = z.object({
  version: z.literal(1),
  /** Published before any event up to it is visible. */
  at: z.iso.datetime(),
  /** Simulated seconds per real second, or "wall" to follow the wall clock. */
  speed: z.union([z.number().positive(), z.literal('wall')]),
  paused: z.boolean(),
});

/** The clock of a writer whose time is not the wall clock: its current instant, its speed, and whether it is paused. */
export type VolumeClock = Omit<z.infer<typeof clockSchema>, 'version'>;

const CLOCK_SUFFIX = '.clock.json';

/** The clock that a writer last published; undefined where it follows the wall clock. @throws OperatorError */
export async function readVolumeClock(volume: string, writer: string): Promise<VolumeClock | undefined> {
  const path = join(stateDirectory(volume), `${writer}${CLOCK_SUFFIX}`);
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

/** Publishes the clock of a writer, or, for undefined, that it follows the wall clock. On disk when this returns. */
export async function writeVolumeClock(
  volume: string,
  writer: string,
  clock: VolumeClock | undefined,
): Promise<void> {
  const [directory, name] = [stateDirectory(volume), `${writer}${CLOCK_SUFFIX}`];
  if (!clock) return rm(join(directory, name), { force: true });
  await writeFileAtomically(directory, name, `${JSON.stringify({ version: 1, ...clock })}\n`);
}

/**
 * The current time for the events of a volume: the wall clock, or the latest published clock of a writer that runs ahead
 * of it. No valid event is newer. @throws OperatorError for an invalid clock.
 */
export async function readVolumeTime(volume: string, wallTime: Date): Promise<Date> {
  const names = await readdir(stateDirectory(volume)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${stateDirectory(volume)} cannot be listed: ${error.message}.`, {
      cause: error,
    });
  });
  const writers = names.filter((name) => name.endsWith(CLOCK_SUFFIX) && !name.startsWith('.'));
  const clocks = await Promise.all(
    writers.map((name) => readVolumeClock(volume, name.slice(0, -CLOCK_SUFFIX.length))),
  );
  return new Date(Math.max(wallTime.getTime(), ...clocks.map((clock) => (clock ? Date.parse(clock.at) : 0))));
}
