import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import type { z } from 'zod';
import { consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { parseInput } from './parse-input.ts';
import type { ActionResult } from './types.ts';

/** A server action for people who are not signed in, which is signing in and out: no person, no database. */
export function openAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  fn: (headers: Headers, input: z.output<Schema>) => Promise<Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return async (input) => {
    const requestId = randomUUID();
    try {
      return { ok: true, value: await fn(await headers(), parseInput(schema, input)) };
    } catch (error) {
      return { ok: false, error: describeFailure(error, requestId, consoleRuntime().log).error };
    }
  };
}
