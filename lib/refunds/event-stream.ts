import type { News } from './feed.ts';

const encoder = new TextEncoder();

export type StreamOptions = {
  subscribe(hear: (news: News) => void): () => void;
  /** Takes one of the person's places; `leave` is called when it is wanted back. @returns what gives it back. */
  takePlace?(leave: () => void): () => void;
  /** Whether the person may still hear it; asked every `checkMs`, which also keeps the connection awake. */
  isSessionValid(): Promise<boolean>;
  checkMs: number;
  /** Aborts when the browser has gone. */
  signal: AbortSignal;
};

/** Server-sent events of the queue, until the browser goes, the person's session ends or their place is taken. */
export function eventStream(options: StreamOptions): ReadableStream {
  const { subscribe, takePlace, isSessionValid, checkMs, signal } = options;
  let stop: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const unsubscribe = subscribe((news) => send(describe(news)));
      const timer = setInterval(() => void check(), checkMs);
      const giveBack = takePlace?.(say);
      stop = () => {
        stop = undefined;
        clearInterval(timer);
        giveBack?.();
        unsubscribe();
        signal.removeEventListener('abort', end);
      };
      function end() {
        stop?.();
        controller.close();
      }
      function say() {
        send('event: ended\ndata: {}\n\n');
        end();
      }
      async function check() {
        const isIn = await isSessionValid().catch(() => true);
        if (signal.aborted || !stop) return;
        if (isIn) return send(': here\n\n');
        say();
      }
      signal.addEventListener('abort', end);
      send('retry: 2000\n\n');
    },
    cancel: () => stop?.(),
  });
}

function describe(news: News): string {
  if (news.kind === 'case') return `event: case\ndata: ${JSON.stringify({ order_id: news.orderId })}\n\n`;
  return `event: ${news.kind}\ndata: {}\n\n`;
}
