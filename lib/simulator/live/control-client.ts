import { messageOf, OperatorError } from '#lib/errors.ts';
import { listLocations } from '../storage/location-state.ts';
import { findPosition } from '../storage/position.ts';
import {
  type ControlReply,
  type ControlRequest,
  controlReplySchema,
  type SimulatorStatus,
} from './control-protocol.ts';
import { sendLine, socketPath } from './control-socket.ts';

/**
 * Sends a request to the simulator that writes a location into a volume; undefined where none is running.
 * @throws OperatorError where the reply is not one of this version.
 */
export async function sendControlRequest(
  volume: string,
  location: string,
  request: ControlRequest,
): Promise<ControlReply | undefined> {
  const line = await sendLine(socketPath(volume, location), JSON.stringify(request));
  if (line === undefined) return undefined;
  try {
    return controlReplySchema.parse(JSON.parse(line));
  } catch (error) {
    throw new OperatorError(
      `The simulator that writes ${location} into ${volume} is another version: ${messageOf(error)}. Stop it and start it again.`,
      { cause: error },
    );
  }
}

/** The position of each location of a volume, as ISO 8601; locations without files are omitted. */
export async function listPositions(volume: string): Promise<{ location: string; position: string }[]> {
  const locations = await listLocations(volume);
  const found = await Promise.all(
    locations.map(async (location) => ({ location, position: await findPosition(volume, location) })),
  );
  return found.flatMap(({ location, position }) =>
    position === undefined ? [] : [{ location, position: new Date(position).toISOString() }],
  );
}

/** The simulators that are writing into a volume. */
export async function listRunning(volume: string): Promise<SimulatorStatus[]> {
  const running = new Map<number, SimulatorStatus>();
  for (const location of await listLocations(volume)) {
    const reply = await sendControlRequest(volume, location, { command: 'status' });
    if (reply && 'status' in reply) running.set(reply.status.pid, reply.status);
  }
  return [...running.values()];
}

/**
 * Sends a request to all simulators that are writing into a volume. @returns the status of each after it.
 * @throws OperatorError where none is running, or one refuses.
 */
export async function controlRunning(volume: string, request: ControlRequest): Promise<SimulatorStatus[]> {
  const running = await listRunning(volume);
  if (running.length === 0)
    throw new OperatorError(
      `No simulator is running on ${volume}. Start one with \`npm start\` or \`npm run simulate -- --live\`.`,
    );
  const after: SimulatorStatus[] = [];
  for (const { pid, locations } of running) {
    const reply = await sendControlRequest(volume, locations[0]?.location ?? '', request);
    if (!reply) throw new OperatorError(`The simulator (process ${pid}) ended before it replied.`);
    if ('refused' in reply)
      throw new OperatorError(`The simulator (process ${pid}) refused: ${reply.refused}`);
    after.push(reply.status);
  }
  return after;
}
