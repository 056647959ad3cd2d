import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import type { z } from 'zod';
import type { Role } from '#lib/contract/person.ts';
import { authenticate } from '../identity/authenticate.ts';
import type { Identity } from '../identity/identity.ts';
import { consoleRuntime } from '../identity/runtime.ts';
import { auditDenial, authorize, limitWrites } from './authorize.ts';
import { assertSameOrigin } from './csrf.ts';
import { describeFailure } from './failures.ts';
import { parseInput } from './read-input.ts';
import type { ActionResult, PersonContext } from './types.ts';

/**
 * The only way to make a server action. The request must come from this site, its person must be allowed to act
 * as `role` and not exceed the write limit, and the input must match `schema`. A denial is audited, and every error is returned
 * as a value. `fn` returns plain data and does not redirect.
 * @param options.isActivity false for what a screen calls by itself, which must not keep the session open.
 */
export function guardedAction<Schema extends z.ZodType, Value>(
  schema: Schema,
  { role, isActivity = true }: { role: Role; isActivity?: boolean },
  fn: (context: PersonContext, input: z.output<Schema>) => Promise<Value>,
): (input: z.input<Schema>) => Promise<ActionResult<Value>> {
  return async (input) => {
    const requestId = randomUUID();
    const runtime = consoleRuntime();
    let identity: Identity | undefined;
    try {
      const requestHeaders = await headers();
      identity = await authenticate(runtime, requestHeaders, { isActivity });
      assertSameOrigin(requestHeaders, runtime.publicUrl);
      const context = authorize(runtime, role, identity, requestId);
      limitWrites(context);
      return { ok: true, value: await fn(context, parseInput(schema, input)) };
    } catch (error) {
      const target = `action for ${role}`;
      await auditDenial(runtime, error, { actor: identity?.person.email, target, requestId });
      return { ok: false, error: describeFailure(error, requestId, runtime.log).error };
    }
  };
}
