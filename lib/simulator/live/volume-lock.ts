import { rename, rm } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { sendControlRequest } from './control-client.ts';
import { type ControlReply, type ControlRequest, controlRequestSchema } from './control-protocol.ts';
import { isListening, type Listener, listenOn, socketPath } from './control-socket.ts';

export type RequestHandler = (request: ControlRequest) => Promise<ControlReply>;

/**
 * Locks a location of a volume, so that one simulator at a time writes it, and handles control requests. The lock is
 * a listening socket, so it ends with its process in every case.
 * @returns a function that releases the lock.
 * @throws OperatorError that names the process that has the lock.
 */
export async function lockVolume(
  volume: string,
  location: string,
  handler: RequestHandler,
): Promise<() => Promise<void>> {
  const path = socketPath(volume, location);
  const handleLine = async (line: string) => JSON.stringify(await handleRequest(line, handler));
  const listener = (await listenOn(path, handleLine)) ?? (await takeOver(path, handleLine));
  if (!listener)
    throw new OperatorError(
      `${await describeHolder(volume, location)} is writing ${location} into ${volume}. Stop it first, or choose another --volume.`,
    );
  return () => listener.close();
}

async function handleRequest(line: string, handler: RequestHandler): Promise<ControlReply> {
  try {
    return await handler(controlRequestSchema.parse(JSON.parse(line)));
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

async function describeHolder(volume: string, location: string): Promise<string> {
  const reply = await sendControlRequest(volume, location, { command: 'status' });
  if (!reply || !('status' in reply)) return 'Another simulator';
  const { pid, mode, since } = reply.status;
  return `Another simulator (process ${pid}, ${mode}, since ${since})`;
}

/**
 * Takes over the socket of a killed process, on which no process listens. It is renamed and checked again before it is
 * removed, because another process may have taken it over in the meantime.
 */
async function takeOver(
  path: string,
  handleLine: (line: string) => Promise<string>,
): Promise<Listener | undefined> {
  if (await isListening(path)) return undefined;
  const renamed = `${path}.${process.pid}`;
  await rename(path, renamed).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (await isListening(renamed)) {
    await rename(renamed, path);
    return undefined;
  }
  await rm(renamed, { force: true });
  return listenOn(path, handleLine);
}
