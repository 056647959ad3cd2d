import { z } from 'zod';

const errorSchema = z.object({ error: z.string(), message: z.string(), request_id: z.string().optional() });

/** An answer of the console's JSON API that is not what was asked for, in words for the person. */
export class ApiFailure extends Error {
  readonly code: string;
  readonly requestId: string | undefined;
  constructor(code: string, message: string, requestId?: string) {
    super(message);
    this.code = code;
    this.requestId = requestId;
  }
}

/** GETs JSON from the console's API. @throws ApiFailure for any answer but a good one, and for none. */
export async function fetchJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal, headers: { accept: 'application/json' } }).catch(() => {
    signal.throwIfAborted();
    throw new ApiFailure('no_answer', 'No answer came from the console. Check the connection.');
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  const described = errorSchema.safeParse(body);
  if (!described.success)
    throw new ApiFailure('unexpected', `The console answered with an error (${response.status}).`);
  const { error, message, request_id } = described.data;
  throw new ApiFailure(error, message, request_id);
}
