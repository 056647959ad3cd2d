import { readdir } from 'node:fs/promises';
import { z } from 'zod';
import { OperatorError, UsageError } from '#lib/errors.ts';
import { stateDirectory } from '#lib/volume/index.ts';
import { readStateFile, writeStateFile } from './state-file.ts';

const simulationStateSchema = z.object({
  version: z.literal(1),
  location: z.string(),
  seed: z.int(),
  /** The first instant of the simulation. */
  start: z.iso.datetime(),
  config_digest: z.string(),
});

/**
 * What must not change between runs that write simulated orders of one location into a volume. The position is not
 * part of it: the name of the newest event file is the position.
 */
export type SimulationState = z.infer<typeof simulationStateSchema>;

const replayStateSchema = z.object({
  version: z.literal(1),
  kind: z.literal('replay'),
  location: z.string(),
  recording: z.string(),
  /** When the first day of the recording is played. Fixed at the first run, so that no order gains a day at midnight. */
  begin: z.iso.datetime(),
  start_day: z.int(),
});

/** What must not change between runs that replay a recording into a volume. */
export type ReplayState = z.infer<typeof replayStateSchema>;

/**
 * The state of a simulated location in a volume; undefined before its first run.
 * @throws OperatorError where the file is invalid, UsageError where it belongs to a replay.
 */
export async function readSimulationState(
  volume: string,
  location: string,
): Promise<SimulationState | undefined> {
  return readStateFile(volume, {
    name: `${location}.json`,
    content: 'a simulator state',
    parse(value) {
      if (isReplayState(value))
        throw new UsageError(
          `${volume} holds a replay of ${location}. Continue it with \`simulate replay\`, or choose another --volume.`,
        );
      return simulationStateSchema.parse(value);
    },
  });
}

/**
 * The state of a replayed location in a volume; undefined before its first run.
 * @throws OperatorError where the file is invalid, UsageError where it belongs to a simulation.
 */
export async function readReplayState(volume: string, location: string): Promise<ReplayState | undefined> {
  return readStateFile(volume, {
    name: `${location}.json`,
    content: 'a replay state',
    parse(value) {
      if (typeof value === 'object' && value !== null && !isReplayState(value))
        throw new UsageError(
          `${volume} holds simulated orders of ${location}. Choose another --volume for a replay.`,
        );
      return replayStateSchema.parse(value);
    },
  });
}

/** Writes the state of a location once, before its first event file. */
export async function writeLocationState(
  volume: string,
  state: SimulationState | ReplayState,
): Promise<void> {
  await writeStateFile(volume, `${state.location}.json`, state);
}

/** The locations that have ever been written into a volume: each has a state file beside it. */
export async function listLocations(volume: string): Promise<string[]> {
  const names = await readdir(stateDirectory(volume)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${stateDirectory(volume)} cannot be listed: ${error.message}.`, {
      cause: error,
    });
  });
  return names.flatMap((name) => /^([^.]+)\.json$/.exec(name)?.[1] ?? []).sort();
}

function isReplayState(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value;
}
