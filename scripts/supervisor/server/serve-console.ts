import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import next from 'next';
import { PEER_HEADER } from '#lib/auth/identity/trusted-proxy.ts';
import { emptyPolicy } from '#lib/content-security-policy.ts';
import { hasCode } from '#lib/errors.ts';
import { securityHeaders } from '#lib/security-headers.ts';
import { choosePort } from './choose-port.ts';
import { refuseMalformed } from './refuse-malformed.ts';

/** Where the console answers. */
export type ConsoleAddress = { url: string; port: number };

/** The message that scripts/console.ts sends to its parent once it answers. */
export type ConsoleReady = { ready: ConsoleAddress };

export type ConsoleOptions = {
  root: string;
  host: string;
  /** Only this port. */
  port?: number;
  /** Where `port` is unset: the one to try first. */
  preferredPort?: number;
  /** Compiles on request and reloads, instead of serving the build. */
  dev: boolean;
  /** The address that people use, if it is another one. */
  publicUrl?: string;
};

export type RunningConsole = {
  address: ConsoleAddress;
  /** Accepts no new requests, gives the current ones `graceMs` milliseconds to finish, then closes their connections. */
  stop(graceMs: number): Promise<void>;
};

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Serves the console. The port is opened before Next is loaded, so that no other program gets it meanwhile; requests
 * that arrive before Next is ready wait.
 * @throws OperatorError where the port is in use.
 */
export async function serveConsole(options: ConsoleOptions): Promise<RunningConsole> {
  const { root, host, dev, publicUrl } = options;
  const prepared = Promise.withResolvers<Handler>();
  const eventStreams = new Set<Socket>();
  const server = createServer(async (request, response) => {
    setPeerAddressHeader(request);
    if (request.url?.startsWith('/api/stream'))
      eventStreams.add(request.socket.once('close', () => eventStreams.delete(request.socket)));
    return (await prepared.promise)(request, response);
  });
  const sockets = trackSockets(server);
  const port = await listen(server, options);
  const app = next({ dir: root, dev, hostname: host, port, httpServer: server, quiet: !dev });
  await app.prepare();
  const answer = app.getRequestHandler();
  prepared.resolve(dev ? answer : await beforeNext(answer, publicUrl));
  return {
    address: { url: urlOf(host, port), port },
    stop: (graceMs) => {
      // An event stream never ends by itself, and its browser reconnects by itself.
      for (const socket of eventStreams) socket.destroy();
      return closeServer(server, sockets, dev ? 0 : graceMs);
    },
  };
}

/** Passes on the address that a connection comes from, in a header that no client can set. */
function setPeerAddressHeader(request: IncomingMessage): void {
  request.headers[PEER_HEADER] = request.socket.remoteAddress ?? 'unknown';
}

function setHeaders(response: ServerResponse, publicUrl: string | undefined): void {
  const headers = { ...securityHeaders(publicUrl), 'Content-Security-Policy': emptyPolicy };
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

/** Answers the JSON API directly: Next around a route costs more than the route. In development Next answers everything. */
async function beforeNext(next: Handler, publicUrl: string | undefined): Promise<Handler> {
  const { serveApi } = await import('./serve-api.ts');
  return async (request, response) => {
    if (await serveApi(request, response, publicUrl)) return;
    // Responses that Next makes by itself get their headers here.
    setHeaders(response, publicUrl);
    if (refuseMalformed(request, response)) return;
    await next(request, response);
  };
}

/** An address that a browser on this machine can open. */
function urlOf(host: string, port: number): string {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** Listens on the chosen port; where another program was faster, on the next one. */
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

/** All open connections, including those of hot reload, which the server no longer counts once they are WebSockets. */
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
  // Kept-alive connections become idle one after the other.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  const cut = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, graceMs);
  await closed;
  clearInterval(sweep);
  clearTimeout(cut);
}
