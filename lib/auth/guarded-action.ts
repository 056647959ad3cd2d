import { randomUUID } from 'node:crypto';
import { headers } from 'next/headers';
import type { z } from 'zod';
import type { Role } from '#lib/contract/person.ts';
import { auditDenial } from './audit-denial.ts';
import { consoleRuntime } from './console-runtime.ts';
import { describeFailure } from './describe-failure.ts';
import { enter } from './enter.ts';
import { identify } from './identify.ts';
import type { Identity } from './identity.ts';
import { limitWrites } from './limit-writes.ts';
import { parseInput } from './parse-input.ts';
import { requireOrigin } from './refuse-forgery.ts';
import type { ActionResult, PersonContext } from './types.ts';

/**
 * The one way to make a server action: the request comes from this site, the person from the session with at
 * least `role` and not too often, the input holds by `schema`; a denial is audited and every error comes back
 * as a value. `fn` returns plain data and does not redirect.
 * What a screen calls by itself is no activity and keeps no session open.
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
      const given = await headers();
      identity = await identify(runtime, given, { isActivity });
      requireOrigin(given, runtime.publicUrl);
      const context = enter(runtime, role, identity, requestId);
      limitWrites(context);
      return { ok: true, value: await fn(context, parseInput(schema, input)) };
    } catch (error) {
      const what = `action for ${role}`;
      await auditDenial(runtime, error, { actor: identity?.person.email, what, requestId });
      return { ok: false, error: describeFailure(error, requestId, runtime.log).error };
    }
  };
}
