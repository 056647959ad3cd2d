import { readdir } from 'node:fs/promises';
import { OperatorError } from '#lib/errors.ts';
import { stateDirectory } from '#lib/volume/index.ts';
import { findPosition } from '../position.ts';
import { askSimulator } from './ask.ts';
import type { ControlRequest, SimulatorStatus } from './request.ts';

/** The locations that were ever written into a volume: their states lie beside it. */
export async function listWritten(volume: string): Promise<string[]> {
  const names = await readdir(stateDirectory(volume)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${stateDirectory(volume)} cannot be listed: ${error.message}.`, {
      cause: error,
    });
  });
  return names.flatMap((name) => /^([^.]+)\.json$/.exec(name)?.[1] ?? []).sort();
}

/** Up to when each location of a volume is written, as ISO 8601; without files it is not listed. */
export async function listPositions(volume: string): Promise<{ location: string; position: string }[]> {
  const written = await listWritten(volume);
  const found = await Promise.all(
    written.map(async (location) => ({ location, position: await findPosition(volume, location) })),
  );
  return found.flatMap(({ location, position }) =>
    position === undefined ? [] : [{ location, position: new Date(position).toISOString() }],
  );
}

/** The simulators that write into a volume now. */
export async function listRunning(volume: string): Promise<SimulatorStatus[]> {
  const running = new Map<number, SimulatorStatus>();
  for (const location of await listWritten(volume)) {
    const reply = await askSimulator(volume, location, { ask: 'status' });
    if (reply && 'status' in reply) running.set(reply.status.pid, reply.status);
  }
  return [...running.values()];
}

/**
 * Asks all simulators that write into a volume for the same. @returns how each stands after it.
 * @throws OperatorError where there is none, or one refuses.
 */
export async function askRunning(volume: string, request: ControlRequest): Promise<SimulatorStatus[]> {
  const running = await listRunning(volume);
  if (running.length === 0)
    throw new OperatorError(
      `No simulator is running on ${volume}. \`npm start\` runs one, and so does \`npm run simulate -- --live\`.`,
    );
  const after: SimulatorStatus[] = [];
  for (const { pid, locations } of running) {
    const reply = await askSimulator(volume, locations[0]?.location ?? '', request);
    if (!reply) throw new OperatorError(`The simulator (process ${pid}) ended before it answered.`);
    if ('refused' in reply)
      throw new OperatorError(`The simulator (process ${pid}) refuses: ${reply.refused}`);
    after.push(reply.status);
  }
  return after;
}
