import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MAX_LINE_LENGTH = 65_536;
const REPLY_TIMEOUT_MS = 60_000;

/** The socket of the process that writes a location into a volume; the same for every path to that volume. */
export function socketPath(volume: string, location: string): string {
  const name = createHash('md5')
    .update(`${existsSync(volume) ? realpathSync(volume) : resolve(volume)}\n${location}`)
    .digest('hex')
    .slice(0, 16);
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\caspers-${name}`
    : join(tmpdir(), `caspers-${name}.sock`);
}

/** A listening socket; closing it also closes its connections. */
export type Listener = { close(): Promise<void> };

/** Listens on a socket and replies to each line with a line; undefined where the path is taken. */
export function listenOn(
  path: string,
  handleLine: (line: string) => Promise<string>,
): Promise<Listener | undefined> {
  return new Promise((done, fail) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serve(socket, handleLine);
    });
    const close = () =>
      new Promise<void>((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      });
    server.unref();
    server.once('listening', () => done({ close }));
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? done(undefined) : fail(error),
    );
    server.listen(path);
  });
}

/** Reads one line and replies with one. A connection that sends too much, or fails, is closed. */
function serve(socket: Socket, handleLine: (line: string) => Promise<string>): void {
  let received = '';
  socket.setEncoding('utf8').unref();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    received += chunk;
    const end = received.indexOf('\n');
    if (end < 0 && received.length > MAX_LINE_LENGTH) socket.destroy();
    if (end < 0) return;
    socket.removeAllListeners('data');
    handleLine(received.slice(0, end)).then(
      (text) => socket.end(`${text}\n`),
      () => socket.destroy(),
    );
  });
}

/** Whether a process listens on a socket, including one that this user may not connect to. */
export function isListening(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'EACCES'));
  });
}

/** Sends one line and waits for the reply; undefined where no process listens, or the connection closes without one. */
export function sendLine(path: string, line: string): Promise<string | undefined> {
  return new Promise((done) => {
    let reply = '';
    const socket = connect(path, () => socket.write(`${line}\n`));
    socket.setEncoding('utf8').setTimeout(REPLY_TIMEOUT_MS, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      reply += chunk;
    });
    socket.on('error', () => done(undefined));
    socket.on('close', () => done(reply.endsWith('\n') ? reply.trimEnd() : undefined));
  });
}
