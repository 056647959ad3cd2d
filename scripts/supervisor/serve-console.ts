import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import next from 'next';
import { emptyPolicy } from '#lib/content-security-policy.ts';
import { securityHeaders } from '#lib/security-headers.ts';
import { choosePort } from './choose-port.ts';
import { hasCode } from './has-code.ts';
import { namePeer } from './name-peer.ts';
import type { ConsolePlace } from './open-console.ts';

export type ConsoleOptions = {
  root: string;
  host: string;
  /** This port or none. */
  port?: number;
  /** Where `port` is unset: the one to try first. */
  preferredPort?: number;
  /** Compiles on request and reloads, instead of serving the build. */
  dev: boolean;
  /** The address that people type, where it is another. */
  publicUrl?: string;
};

export type RunningConsole = {
  place: ConsolePlace;
  /** Takes no new request, lets those under way finish for `graceMs` milliseconds, then cuts them off. */
  stop(graceMs: number): Promise<void>;
};

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves the console. The port is taken before Next is loaded, so nobody else gets it in between; requests that
 * come that early wait.
 * @throws OperatorError where the port is in use.
 */
export async function serveConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { root, host, dev, publicUrl } = options;
  const prepared = Promise.withResolvers<Handler>();
  const endless = new Set<Socket>();
  const server = createServer(async (request, response) => {
    namePeer(request);
    if (request.url?.startsWith('/api/stream'))
      endless.add(request.socket.once('close', () => endless.delete(request.socket)));
    return (await prepared.promise)(request, response);
  });
  const sockets = trackSockets(server);
  const port = await listen(server, options);
  const app = next({ dir: root, dev, hostname: host, port, httpServer: server, quiet: !dev });
  await app.prepare();
  const answer = app.getRequestHandler();
  prepared.resolve(dev ? answer : await beforeNext(answer, publicUrl));
  return {
    place: { url: urlOf(host, port), port },
    stop: (graceMs) => {
      // A stream of events never finishes by itself; its browser comes back by itself.
      for (const socket of endless) socket.destroy();
      return closeServer(server, sockets, dev ? 0 : graceMs);
    },
  };
}

function setHeaders(response: ServerResponse, publicUrl: string | undefined): void {
  const headers = { ...securityHeaders(publicUrl), 'Content-Security-Policy': emptyPolicy };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Answers the JSON API directly: Next around a route costs more than the route. While developing, all is Next's. */
async function beforeNext(next: Handler, publicUrl: string | undefined): Promise<Handler> {
  const { serveApi } = await import('./serve-api.ts');
  return async (request, response) => {
    if (await serveApi(request, response, publicUrl)) return;
    // What Next refuses by itself, such as a path that cannot be decoded, has its headers from here.
    setHeaders(response, publicUrl);
    await next(request, response);
  };
}

/** An address that a browser on this machine can open. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Listens on the chosen port, and on the next choice where another program was faster. */
async function listen(server: Server, options: ConsoleOptions): Promise<number> {
  const { host, port: wanted, preferredPort: last } = options;
  for (;;) {
    const port = await choosePort({ wanted, last, host });
    if (await tryListen(server, port, host)) return port;
  }
}

function tryListen(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: Error) => (hasCode(error, 'EADDRINUSE') ? resolve(false) : reject(error));
    server.once('error', onError);
    server.listen(port, host, () => {
      server.off('error', onError);
      resolve(true);
    });
  });
}

/** All open connections; those of hot reload are no longer the server's own once they are WebSockets. */
function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function closeServer(server: Server, sockets: Set<Socket>, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections that were kept alive become idle one after the other.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
