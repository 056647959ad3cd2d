import type { IncomingMessage } from 'node:http';
import { PEER_HEADER } from '#lib/auth/identity/trusted-proxy.ts';

/** Tells the console which address a connection comes from, in a header that no client can set. */
export function namePeer(request: IncomingMessage): void {
  request.headers[PEER_HEADER] = request.socket.remoteAddress ?? 'unknown';
}
