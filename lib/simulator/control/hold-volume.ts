import { rename, rm } from 'node:fs/promises';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { askSimulator } from './ask.ts';
import { type ControlReply, type ControlRequest, requestSchema } from './request.ts';
import { isAnswered, type Listener, listenOn, socketPath } from './socket.ts';

export type Answer = (request: ControlRequest) => Promise<ControlReply>;

/**
 * Lets one simulator at a time write a location into a volume, and answers those who ask it. The lock is a listening
 * socket, so it ends with its process, however that ends. @returns what gives the lock back.
 * @throws OperatorError where another process holds it; it says who.
 */
export async function holdVolume(
  volume: string,
  location: string,
  answer: Answer,
): Promise<() => Promise<void>> {
  const path = socketPath(volume, location);
  const answerLine = async (line: string) => JSON.stringify(await answerRequest(line, answer));
  const server = (await listenOn(path, answerLine)) ?? (await takeOver(path, answerLine));
  if (!server)
    throw new OperatorError(
      `${await describeHolder(volume, location)} is writing ${location} into ${volume}. Stop it first, or choose another --volume.`,
    );
  return () => server.close();
}

async function answerRequest(line: string, answer: Answer): Promise<ControlReply> {
  try {
    return await answer(requestSchema.parse(JSON.parse(line)));
  } catch (error) {
    return { refused: messageOf(error) };
  }
}

async function describeHolder(volume: string, location: string): Promise<string> {
  const reply = await askSimulator(volume, location, { ask: 'status' });
  if (!reply || !('status' in reply)) return 'Another simulator';
  const { pid, mode, since } = reply.status;
  return `Another simulator (process ${pid}, ${mode}, since ${since})`;
}

/**
 * A socket that nobody answers on was left by a killed process. It is put aside before it is removed, and asked once
 * more there, as somebody else may have taken it over in the meantime.
 */
async function takeOver(
  path: string,
  answer: (line: string) => Promise<string>,
): Promise<Listener | undefined> {
  if (await isAnswered(path)) return undefined;
  const aside = `${path}.${process.pid}`;
  await rename(path, aside).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (await isAnswered(aside)) {
    await rename(aside, path);
    return undefined;
  }
  await rm(aside, { force: true });
  return listenOn(path, answer);
}
