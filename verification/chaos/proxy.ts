import { createServer, connect as open, type Socket } from 'node:net';

/** A way to a server that can fall silent: frozen connections stay open, and nothing comes through any more. */
export type SilentWay = { url: string; freeze(): number; close(): Promise<void> };

/** Opens a way to the server of `url` on a free port of this machine. */
export async function openProxy(url: string): Promise<SilentWay> {
  const target = new URL(url);
  const live = new Set<[Socket, Socket]>();
  const all = new Set<Socket>();
  const server = createServer((near) => {
    const far = open({ host: target.hostname, port: Number(target.port || 5432) });
    const pair: [Socket, Socket] = [near, far];
    live.add(pair);
    for (const socket of pair) {
      all.add(socket);
      // A reset from either side is that side's end.
      socket.on('error', () => undefined);
      socket.on('close', () => live.delete(pair));
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const here = new URL(url);
  here.hostname = '127.0.0.1';
  here.port = String(address && typeof address === 'object' ? address.port : 0);
  const freeze = () => {
    const frozen = live.size;
    for (const [near, far] of live) {
      near.unpipe(far).pause();
      far.unpipe(near).pause();
    }
    live.clear();
    return frozen;
  };
  const close = () => {
    for (const socket of all) socket.destroy();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { url: here.href, freeze, close };
}
