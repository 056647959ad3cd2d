import { once } from 'node:events';
import { connect } from 'node:net';
import type { Answer, World } from './world.ts';

/** Sends a request verbatim, without an HTTP client that would correct it. */
export async function raw(world: World, head: string, ...more: string[]): Promise<Answer> {
  const { hostname, port, host } = new URL(world.system.url);
  const socket = connect(Number(port), hostname);
  const cookie = world.cookie ? [`cookie: ${world.cookie}`] : [];
  const lines = [head, `host: ${host}`, 'connection: close', ...cookie, ...more];
  socket.end(`${lines.join('\r\n')}\r\n\r\n`);
  let text = '';
  socket.setEncoding('utf8').on('data', (part) => {
    text += part;
  });
  socket.on('error', () => undefined);
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0), text };
}
