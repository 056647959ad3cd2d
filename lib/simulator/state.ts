import { z } from 'zod';
import { messageOf, OperatorError, UsageError } from '#lib/errors.ts';
import { stateDirectory, writeFileAtomically } from '#lib/volume/index.ts';
import { readStateFile } from './read-state-file.ts';

const stateSchema = z.object({
  version: z.literal(1),
  location: z.string(),
  seed: z.int(),
  /** The first instant of the simulation. */
  start: z.iso.datetime(),
  config_digest: z.string(),
});

/** What must not change between runs over one volume. The position is no part of it: the newest file's name is. */
export type SimulatorState = z.infer<typeof stateSchema>;

/** The state of a location in a volume, or undefined before its first run. @throws OperatorError for a broken file. */
export async function readState(volume: string, location: string): Promise<SimulatorState | undefined> {
  const file = await readStateFile(volume, location);
  if (!file) return undefined;
  const { path, text } = file;
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && 'kind' in found)
      throw new UsageError(
        `${volume} holds a replay of ${location}. Go on with \`simulate replay\`, or choose another --volume.`,
      );
    return stateSchema.parse(found);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const advice = 'Restore it, or choose another --volume';
    throw new OperatorError(`${path} is not a simulator state: ${messageOf(error)}. ${advice}.`, {
      cause: error,
    });
  }
}

/** Writes the state of a location once, before its first event file. */
export async function keepState(volume: string, state: SimulatorState): Promise<void> {
  const content = `${JSON.stringify(state, null, 2)}\n`;
  await writeFileAtomically(stateDirectory(volume), `${state.location}.json`, content);
}
