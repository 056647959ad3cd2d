import { z } from 'zod';
import { messageOf, OperatorError, UsageError } from '#lib/errors.ts';
import { stateDirectory, writeFileAtomically } from '#lib/volume/index.ts';
import { readStateFile } from '../read-state-file.ts';

const stateSchema = z.object({
  version: z.literal(1),
  kind: z.literal('replay'),
  location: z.string(),
  recording: z.string(),
  /** When the recording's first day is played; frozen, so that no order gains a day at midnight. */
  begin: z.iso.datetime(),
  start_day: z.int(),
});
export type ReplayState = z.infer<typeof stateSchema>;

/** What a replay of a location began with, or undefined in a volume that does not know it. @throws UsageError, OperatorError */
export async function readReplayState(volume: string, location: string): Promise<ReplayState | undefined> {
  const file = await readStateFile(volume, location);
  if (!file) return undefined;
  const { path, text } = file;
  try {
    const found: unknown = JSON.parse(text);
    if (typeof found === 'object' && found !== null && !('kind' in found))
      throw new UsageError(
        `${volume} holds simulated orders of ${location}. Choose another --volume for a replay.`,
      );
    return stateSchema.parse(found);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const advice = 'Restore it, or choose another --volume';
    throw new OperatorError(`${path} is not the state of a replay: ${messageOf(error)}. ${advice}.`, {
      cause: error,
    });
  }
}

export async function keepReplayState(volume: string, state: ReplayState): Promise<void> {
  const content = `${JSON.stringify(state, null, 2)}\n`;
  await writeFileAtomically(stateDirectory(volume), `${state.location}.json`, content);
}
