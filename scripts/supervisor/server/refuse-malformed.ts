import type { IncomingMessage, ServerResponse } from 'node:http';

type Refusal = { status: 400 | 405; message: string };

/**
 * Answers what Next would answer with 500 and report as an error of ours, though it is the client's mistake: an address
 * or an origin that cannot be read, and a method or a form that no page takes.
 * @returns whether the request has been answered.
 */
export function refuseMalformed(request: IncomingMessage, response: ServerResponse): boolean {
  const refusal = findRefusal(request);
  if (!refusal) return false;
  const { status, message } = refusal;
  response.statusCode = status;
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.setHeader('Cache-Control', 'private, no-store');
  if (status === 405) response.setHeader('Allow', 'GET, HEAD');
  response.end(`${message}\n`);
  // What was sent along would otherwise precede the next request on this connection.
  request.resume();
  return true;
}

function findRefusal({ url = '', method = '', headers }: IncomingMessage): Refusal | undefined {
  const { origin } = headers;
  const [path = ''] = url.split('?');
  if (!canDecode(path)) return { status: 400, message: 'The address cannot be read.' };
  if (origin !== undefined && origin !== 'null' && !URL.canParse(origin))
    return { status: 400, message: 'The origin cannot be read.' };
  // A page takes the calls of its actions, which name themselves in a header; it has no form that works without scripts.
  const isTaken = method === 'POST' && ('next-action' in headers || path.startsWith('/api/'));
  if (isTaken || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return undefined;
  return { status: 405, message: 'This address takes GET, HEAD.' };
}

function canDecode(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}
