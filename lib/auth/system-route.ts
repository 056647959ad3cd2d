import type { Database } from '#db/client.ts';
import { messageOf } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { consoleRuntime } from './console-runtime.ts';

/** A route for what watches this process: it knows no person, so `fn` tells nothing of anybody's. */
export function systemRoute(fn: (db: Database) => Promise<Response>): () => Promise<Response> {
  return async () => {
    let response: Response;
    try {
      response = await fn(consoleRuntime().db);
    } catch (error) {
      createLog('console', 'error').error({ err: error }, messageOf(error));
      response = Response.json({ ready: false }, { status: 503 });
    }
    response.headers.set('cache-control', 'no-store');
    return response;
  };
}
