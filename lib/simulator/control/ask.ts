import { messageOf, OperatorError } from '#lib/errors.ts';
import { type ControlReply, type ControlRequest, replySchema } from './request.ts';
import { askSocket, socketPath } from './socket.ts';

/**
 * Asks the simulator that writes a location into a volume; undefined where none does.
 * @throws OperatorError where what answers is no simulator of this version.
 */
export async function askSimulator(
  volume: string,
  location: string,
  request: ControlRequest,
): Promise<ControlReply | undefined> {
  const line = await askSocket(socketPath(volume, location), JSON.stringify(request));
  if (line === undefined) return undefined;
  try {
    return replySchema.parse(JSON.parse(line));
  } catch (error) {
    throw new OperatorError(
      `What writes ${location} into ${volume} is another version: ${messageOf(error)}. Stop it and start it again.`,
      { cause: error },
    );
  }
}
