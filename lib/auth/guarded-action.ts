import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import type { z } from 'zod';
import type { Role } from '#lib/contract/person.ts';
import { consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { enter } from './enter.ts';
import { parseInput } from './parse-input.ts';
import type { ActionResult, PersonContext } from './types.ts';

/**
 * The one way to make a server action: the person comes from the session and has at least `role`, the input
 * holds by `schema`, and every error comes back as a value. `fn` returns plain data and does not redirect.
 */
export function guardedAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  { role }: { role: Role },
  fn: (context: PersonContext, input: z.output<Schema>) => Promise<Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return async (input) => {
    const requestId = randomUUID();
    const runtime = consoleRuntime();
    try {
      const context = await enter(runtime, role, await headers(), requestId);
      return { ok: true, value: await fn(context, parseInput(schema, input)) };
    } catch (error) {
      return { ok: false, error: describeFailure(error, requestId, runtime.log).error };
    }
  };
}
