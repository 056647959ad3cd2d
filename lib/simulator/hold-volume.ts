import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { OperatorError } from '#lib/errors.ts';

/**
 * Lets one simulator at a time write a location into a volume. The lock is a listening socket, so it ends with its
 * process, however that ends. @returns what gives the lock back.
 * @throws OperatorError where another process holds it.
 */
export async function holdVolume(volume: string, location: string): Promise<() => Promise<void>> {
  const path = socketPath(volume, location);
  const server = (await listen(path)) ?? (await takeOver(path));
  if (!server)
    throw new OperatorError(
      `Another simulator is writing ${location} into ${volume}. Stop it first, or choose another --volume.`,
    );
  return () => new Promise((done) => server.close(() => done()));
}

function socketPath(volume: string, location: string): string {
  const name = createHash('md5')
    .update(`${resolve(volume)}\n${location}`)
    .digest('hex')
    .slice(0, 16);
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\caspers-${name}`
    : join(tmpdir(), `caspers-${name}.sock`);
}

/** A socket that nobody answers on was left by a killed process. */
async function takeOver(path: string): Promise<Server | undefined> {
  if (await answers(path)) return undefined;
  await rm(path, { force: true });
  return listen(path);
}

function listen(path: string): Promise<Server | undefined> {
  return new Promise((done, fail) => {
    const server = createServer((socket) => socket.end());
    server.unref();
    server.once('listening', () => done(server));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(path);
  });
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
