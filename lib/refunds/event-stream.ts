import type { News } from './feed.ts';

const encoder = new TextEncoder();

export type StreamOptions = {
  subscribe(hear: (news: News) => void): () => void;
  /** Whether the person may still hear it; asked every `checkMs`, which also keeps the connection awake. */
  stillIn(): Promise<boolean>;
  checkMs: number;
  /** Aborts when the browser has gone. */
  signal: AbortSignal;
};

/** Server-sent events of the queue, until the browser goes or the person's session ends. */
export function eventStream({ subscribe, stillIn, checkMs, signal }: StreamOptions): ReadableStream {
  let stop: (() => void) | undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const send = (text: string) => controller.enqueue(encoder.encode(text));
      const unsubscribe = subscribe((news) => send(describe(news)));
      const timer = setInterval(() => void check(), checkMs);
      stop = () => {
        stop = undefined;
        clearInterval(timer);
        unsubscribe();
        signal.removeEventListener('abort', end);
      };
      function end() {
        stop?.();
        controller.close();
      }
      async function check() {
        const isIn = await stillIn().catch(() => true);
        if (signal.aborted || !stop) return;
        if (isIn) return send(': here\n\n');
        send('event: ended\ndata: {}\n\n');
        end();
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
