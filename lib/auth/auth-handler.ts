import { randomUUID } from 'node:crypto';
import { NotFoundError } from '#lib/errors.ts';
import { answerFailure } from './answer-failure.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { readText } from './read-json.ts';

/** What the console needs of the auth library over HTTP; all its other endpoints do not exist. */
const served = new Set([
  'POST /api/auth/sign-in/email',
  'POST /api/auth/sign-out',
  'GET /api/auth/get-session',
]);

/** Answers /api/auth/*. */
export async function authHandler(
  request: Request,
  runtime: () => Pick<ConsoleRuntime, 'auth' | 'log'> = consoleRuntime,
): Promise<Response> {
  const requestId = randomUUID();
  const { auth, log } = runtime();
  let response: Response;
  try {
    response = await auth.handler(await admit(request));
    if (!response.ok) log.warn({ requestId, url: request.url, status: response.status }, 'refused');
  } catch (error) {
    response = answerFailure(describeFailure(error, requestId, log));
  }
  response.headers.set('cache-control', 'private, no-store');
  response.headers.set('x-request-id', requestId);
  return response;
}

/** The request with its body read, which keeps the library from reading one without end. */
async function admit(request: Request): Promise<Request> {
  const { pathname } = new URL(request.url);
  if (!served.has(`${request.method} ${pathname}`)) throw new NotFoundError('There is no such endpoint.');
  if (request.method === 'GET') return request;
  const { url, method, headers } = request;
  return new Request(url, { method, headers, body: (await readText(request)) || undefined });
}
