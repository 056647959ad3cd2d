import { type ClientResponse, hc } from 'hono/client';
import { z } from 'zod';
import type { Api } from '#app/api/api.ts';

/** The console's JSON API, typed by its definition; call it through `ask`. */
export const { api } = hc<Api>('/');

const failureSchema = z.object({ error: z.string(), message: z.string(), request_id: z.string().optional() });

/** A failed request to the console's JSON API, in words for the person. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly requestId: string | undefined;
  constructor(code: string, message: string, requestId?: string) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

type Json<Answer> = Answer extends ClientResponse<infer Body> ? Body : never;

/**
 * Reads the JSON that a route of the API answers: `ask(signal, (options) => api.summary.$get({}, options))`. Its keys
 * and values are those of the wire; a schema of lib/contract decodes them.
 * @throws ApiFailure for an answer that is an error, and for none.
 */
export async function ask<Answer extends ClientResponse<unknown>>(
  signal: AbortSignal,
  call: (options: { init: RequestInit }) => Promise<Answer>,
): Promise<Json<Answer>> {
  const response = await call({ init: { signal } }).catch(() => {
    signal.throwIfAborted();
    throw new ApiFailure('no_answer', 'No answer came from the console. Check the connection.');
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body as Json<Answer>;
  const failure = failureSchema.safeParse(body);
  if (!failure.success)
    throw new ApiFailure('unexpected', `The console answered with an error (${response.status}).`);
  const { error, message, request_id } = failure.data;
  throw new ApiFailure(error, message, request_id);
}
