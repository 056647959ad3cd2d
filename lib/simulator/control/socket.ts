import { createHash } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const LONGEST_LINE = 65_536;
const PATIENCE_MS = 60_000;

/** The socket of whoever writes a location into a volume, by whatever path they name it. */
export function socketPath(volume: string, location: string): string {
  const name = createHash('md5')
    .update(`${existsSync(volume) ? realpathSync(volume) : resolve(volume)}\n${location}`)
    .digest('hex')
    .slice(0, 16);
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\caspers-${name}`
    : join(tmpdir(), `caspers-${name}.sock`);
}

/** What listens on a socket; closing it hangs up on whoever is still connected. */
export type Listener = { close(): Promise<void> };

/** Listens on a socket and answers each line with one; undefined where the path is taken. */
export function listenOn(
  path: string,
  answer: (line: string) => Promise<string>,
): Promise<Listener | undefined> {
  return new Promise((done, fail) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      serve(socket, answer);
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

/** One line in, one line out. Who asks too much, or hangs up, is hung up on. */
function serve(socket: Socket, answer: (line: string) => Promise<string>): void {
  let asked = '';
  socket.setEncoding('utf8').unref();
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    asked += chunk;
    const end = asked.indexOf('\n');
    if (end < 0 && asked.length > LONGEST_LINE) socket.destroy();
    if (end < 0) return;
    socket.removeAllListeners('data');
    answer(asked.slice(0, end)).then(
      (text) => socket.end(`${text}\n`),
      () => socket.destroy(),
    );
  });
}

/** Whether somebody listens there; one who may not be asked is somebody. */
export function isAnswered(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code === 'EACCES'));
  });
}

/** Sends one line and waits for the answer; undefined where nobody listens, or who does hangs up. */
export function askSocket(path: string, line: string): Promise<string | undefined> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(path, () => socket.write(`${line}\n`));
    socket.setEncoding('utf8').setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', () => done(undefined));
    socket.on('close', () => done(answer.endsWith('\n') ? answer.trimEnd() : undefined));
  });
}
