import type { z } from 'zod';
import { AppError, ValidationError } from '#lib/errors.ts';
import { assertWellFormed, parseStrictJson } from '#lib/strict-json.ts';
import type { ApiRequest } from './types.ts';

const MAX_BODY_BYTES = 64 * 1024;

/**
 * Checks what a person or a client sent.
 * @throws ValidationError that names the first field at fault.
 */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) {
    assertWellFormed(parsed.data);
    return parsed.data;
  }
  const [issue] = parsed.error.issues;
  throw new ValidationError(issue?.path.join('.') ?? '', issue?.message ?? 'This input is not valid.');
}

/**
 * Reads the body of a request, of at most 64 kB, and stops reading if it is longer.
 * @throws AppError payload_too_large, ValidationError if it is not UTF-8.
 */
export async function readText(request: Pick<ApiRequest, 'body'>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BODY_BYTES) throw new AppError('payload_too_large', 'The request is larger than 64 kB.');
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof TypeError)
      throw new ValidationError('', 'The body of the request is not text in UTF-8.');
    throw error;
  }
}

/**
 * Reads the JSON body of a request, of at most 64 kB.
 * @throws AppError payload_too_large, ValidationError as `parseStrictJson`.
 */
export async function readJson(request: ApiRequest): Promise<unknown> {
  return parseStrictJson(await readText(request));
}
