import { z } from 'zod';
import { takeTurns } from './take-turns.ts';

const NAME = 'caspers-queue-stream';
/** The server may be starting again, or the person has to sign in: the stream is asked for again, but seldom. */
const REFUSED_MS = 15_000;

/** `open` follows each connection: events before it are lost. The others are those of the API's stream. */
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('case'), orderId: z.string() }),
  z.object({ kind: z.enum(['open', 'recommendations', 'missed', 'ended']) }),
]);
export type StreamEvent = z.output<typeof eventSchema>;

/**
 * Listens to the events of the queue through the one stream that all tabs of a browser share. A browser keeps six
 * connections to a server and a stream holds one, so with one stream per tab the sixth tab would block every request.
 * One visible tab holds the stream and passes its events on to the others; when it is hidden or closed, another visible
 * tab takes over. A browser without BroadcastChannel gets no stream: its lists are fetched at intervals alone.
 * @returns a function that ends listening.
 */
export function listenToQueue(onEvent: (event: StreamEvent) => void): () => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined;
  const channel = new BroadcastChannel(NAME);
  let turn: AbortController | undefined;
  function join() {
    if (turn || document.visibilityState === 'hidden') return;
    turn = new AbortController();
    takeTurns(NAME, turn.signal, (signal) => holdStream(signal, publish));
  }
  function leave() {
    turn?.abort();
    turn = undefined;
  }
  function publish(event: StreamEvent) {
    channel.postMessage(event);
    handle(event);
  }
  function handle(event: StreamEvent) {
    // After `ended` the next tab would only be refused or take a stream from another browser of the person.
    if (event.kind === 'ended') leave();
    if (event.kind === 'open') join();
    onEvent(event);
  }
  function followVisibility() {
    if (document.visibilityState === 'hidden') leave();
    else join();
  }
  channel.onmessage = ({ data }) => {
    // A tab that was loaded from an earlier or later version of the console may say something else.
    const event = eventSchema.safeParse(data);
    if (event.success) handle(event.data);
  };
  document.addEventListener('visibilitychange', followVisibility);
  join();
  return () => {
    document.removeEventListener('visibilitychange', followVisibility);
    leave();
    channel.close();
  };
}

const orderSchema = z.object({ order_id: z.string() });

/** Holds the stream until `signal` aborts. The browser connects again by itself, except after an answer that is an error. */
function holdStream(signal: AbortSignal, publish: (event: StreamEvent) => void): void {
  if (signal.aborted) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const source = new EventSource('/api/stream');
  source.addEventListener('case', ({ data }) =>
    publish({ kind: 'case', orderId: orderSchema.parse(JSON.parse(data)).order_id }),
  );
  for (const kind of ['open', 'recommendations', 'missed', 'ended'] as const)
    source.addEventListener(kind, () => publish({ kind }));
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED || signal.aborted) return;
    timer = setTimeout(() => holdStream(signal, publish), REFUSED_MS);
  });
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    source.close();
  });
}
