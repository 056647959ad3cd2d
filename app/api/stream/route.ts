import { guardedRoute } from '#lib/auth/index.ts';
import { createPlaces, eventStream, feedOf } from '#lib/refunds/index.ts';

const CHECK_MS = 4000;
/** More than a browser opens by itself; the tab that was opened last is the one that somebody looks at. */
const MOST_STREAMS = 10;
const takePlaceOf = createPlaces(MOST_STREAMS);

/**
 * What happens to the queue, as server-sent events: `case` with an order that has changed, `recommendations` when
 * there are new ones, `missed` when what is shown has to be asked for again, `ended` when the session has ended or
 * its person has opened ten other streams since.
 */
export const GET = guardedRoute('viewer', async ({ db, person, isSessionValid }, { request }) => {
  const { subscribe } = feedOf(db.pool);
  const takePlace = (leave: () => void) => takePlaceOf(person.id, leave);
  const stream = eventStream({
    subscribe,
    takePlace,
    isSessionValid,
    checkMs: CHECK_MS,
    signal: request.signal,
  });
  return new Response(stream, {
    headers: { 'content-type': 'text/event-stream; charset=utf-8', 'x-accel-buffering': 'no' },
  });
});
