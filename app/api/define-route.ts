import { createRoute, type RouteConfig } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { guardedRoute, type RouteContext, readJson } from '#lib/auth/routes.ts';
import type { Role } from '#lib/contract/person.ts';

/** What the handlers of guarded routes get, as `c.get('context')`. */
type Guarded = { Variables: { context: RouteContext } };

const guards = new WeakSet<object>();

/** Whether a handler is the guard of a route. */
export const isGuard = (handler: object): boolean => guards.has(handler);

/**
 * The one way to define a route of the JSON API: `role` is the least that its caller must be (lib/auth,
 * `guardedRoute`). The context with the database comes from the guard, so the handler of another route has none.
 */
export function defineRoute<
  const Path extends string,
  const Config extends Omit<RouteConfig, 'path' | 'middleware'> & { path: Path },
>(role: Role, config: Config) {
  const responses = { ...config.responses, ...failures } as Config['responses'];
  return createRoute({ ...config, responses, middleware: guard(role) });
}

/** Runs before anything of the request is read, and turns what is thrown behind it into an answer. */
function guard(role: Role): MiddlewareHandler<Guarded> {
  const handler: MiddlewareHandler<Guarded> = async (c, next) => {
    const response = await guardedRoute(role, async (context) => {
      c.set('context', context);
      if (c.req.method === 'POST') {
        const body = await readJson(c.req.raw);
        c.req.json = () => Promise.resolve(body as never);
      }
      await next();
      if (c.error) throw c.error;
      return c.res;
    })(c.req.raw);
    if (response === c.res) return;
    // Set as it is: what is set over another response gets the headers of that one, too.
    c.res = undefined;
    c.res = response;
  };
  guards.add(handler);
  return handler;
}

/** The parameters in the address, or the headers, of a request. */
export function parameters<Schema extends z.ZodType>(schema: Schema) {
  type Wire = z.ZodType<unknown, z.input<Schema>>;
  return schema as unknown as z.ZodPipe<Wire, z.ZodType<z.output<Schema>, unknown>>;
}

/**
 * A JSON answer: what `encode(schema, …)` writes. The types of a schema's output are those of the code; over the wire
 * goes its input.
 */
export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  const wire = schema as unknown as z.ZodType<z.input<Schema>>;
  return { description, content: { 'application/json': { schema: wire } } };
}

const failureSchema = z
  .object({
    error: z.string(),
    message: z.string(),
    request_id: z.string(),
    field: z.string().optional(),
    current: z.unknown().optional(),
  })
  .openapi('Error');

export const failure = (description: string) => answer(description, failureSchema);

const failures = {
  401: failure('Nobody is signed in'),
  403: failure('The role is too small, or another site asked'),
  422: failure('The request does not hold; `field` names what is at fault'),
  429: failure('Too many requests'),
  503: failure('The database does not answer; try the same again'),
};
