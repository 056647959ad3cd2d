import { guardedRoute } from '#lib/auth/guarded-route.ts';
import { eventStream } from '#lib/refunds/event-stream.ts';
import { feedOf } from '#lib/refunds/feed.ts';

const CHECK_MS = 4000;

/**
 * What happens to the queue, as server-sent events: `case` with an order that has changed, `recommendations` when
 * there are new ones, `missed` when what is shown has to be asked for again, `ended` when the session has ended.
 */
export const GET = guardedRoute('viewer', async ({ db, stillIn }, { request }) => {
  const { subscribe } = feedOf(db.pool);
  const stream = eventStream({ subscribe, stillIn, checkMs: CHECK_MS, signal: request.signal });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
  });
});
