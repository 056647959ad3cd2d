import type { Pool } from '#db/client.ts';
import { feedOf, type QueueEvent } from './feed.ts';
import { createSlots } from './slots.ts';

const CHECK_MS = 4000;
/** More than a person has browsers, each of which shares one stream among its tabs; the newest is in use. */
const MAX_STREAMS_PER_PERSON = 10;
const slots = createSlots(MAX_STREAMS_PER_PERSON);

export type QueueStreamOptions = {
  personId: string;
  /** Whether the person may still receive events. */
  isSessionValid(): Promise<boolean>;
  /** Aborts when the browser has gone. */
  signal: AbortSignal;
};

/**
 * Server-sent events of the queue: `case` with an order that has changed, `recommendations` when there are new ones,
 * `missed` when everything that is shown has to be fetched again, `ended` before the stream closes because the session
 * has ended or the person has opened ten other streams since.
 */
export function openQueueStream(pool: Pool, { personId, ...options }: QueueStreamOptions): ReadableStream {
  return eventStream({
    ...options,
    subscribe: (onEvent) => feedOf(pool).subscribe(onEvent),
    acquireSlot: (onEvict) => slots.acquire(personId, onEvict),
    checkMs: CHECK_MS,
  });
}

const encoder = new TextEncoder();

export type StreamOptions = Omit<QueueStreamOptions, 'personId'> & {
  subscribe(onEvent: (event: QueueEvent) => void): () => void;
  /** Takes one of the person's slots; `onEvict` is called when it is given to another stream. @returns its release. */
  acquireSlot?(onEvict: () => void): () => void;
  /** How often the session is checked, which also keeps the connection alive. */
  checkMs: number;
};

/** Events until the browser goes, the person's session ends or their slot is taken. */
export function eventStream(options: StreamOptions): ReadableStream {
  const { subscribe, acquireSlot, isSessionValid, checkMs, signal } = options;
  let stop: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const unsubscribe = subscribe((event) => send(encodeEvent(event)));
      const timer = setInterval(() => void check(), checkMs);
      const releaseSlot = acquireSlot?.(endStream);
      stop = () => {
        stop = undefined;
        clearInterval(timer);
        releaseSlot?.();
        unsubscribe();
        signal.removeEventListener('abort', close);
      };
      function close() {
        stop?.();
        controller.close();
      }
      function endStream() {
        send('event: ended\ndata: {}\n\n');
        close();
      }
      async function check() {
        const isValid = await isSessionValid().catch(() => true);
        if (signal.aborted || !stop) return;
        if (isValid) return send(': here\n\n');
        endStream();
      }
      signal.addEventListener('abort', close);
      send('retry: 2000\n\n');
    },
    cancel: () => stop?.(),
  });
}

function encodeEvent(event: QueueEvent): string {
  const data = event.kind === 'case' ? { order_id: event.orderId } : {};
  return `event: ${event.kind}\ndata: ${JSON.stringify(data)}\n\n`;
}
