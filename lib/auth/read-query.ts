import type { z } from 'zod';
import { parseInput } from './parse-input.ts';
import type { ApiRequest } from './types.ts';

/** Reads the query of a request's address. @throws ValidationError that names the first parameter at fault. */
export function readQuery<Schema extends z.ZodType>(request: ApiRequest, schema: Schema): z.output<Schema> {
  return parseInput(schema, Object.fromEntries(new URL(request.url).searchParams));
}
