import { createServer, connect as open, type Socket } from 'node:net';

/** A TCP proxy that can go silent: frozen connections stay open, but nothing passes through them any more. */
export type SilentProxy = { url: string; freeze(): number; close(): Promise<void> };

/** Opens a proxy to the server of `url` on a free port of this machine. */
export async function openProxy(url: string): Promise<SilentProxy> {
  const target = new URL(url);
  const live = new Set<[Socket, Socket]>();
  const all = new Set<Socket>();
  const server = createServer((near) => {
    const far = open({ host: target.hostname, port: Number(target.port || 5432) });
    const pair: [Socket, Socket] = [near, far];
    live.add(pair);
    for (const socket of pair) {
      all.add(socket);
      // After a reset the socket closes; that is all there is to do.
      socket.on('error', () => undefined);
      socket.on('close', () => live.delete(pair));
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String(address && typeof address === 'object' ? address.port : 0);
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
  return { url: proxied.href, freeze, close };
}
