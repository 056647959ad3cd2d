import { parentPort } from 'node:worker_threads';
import type { ParsedBatch } from '../batch.ts';
import { createReader } from './reader.ts';
import type { Call, Reply } from './threaded-reader.ts';

// The other end of threaded-reader.ts: runs each call on a reader of this thread.
const reader = createReader();

parentPort?.on('message', async ({ id, method, args }: Call) => {
  const [reply, transferred] = await run(method, args).then(
    ({ result, buffers }): [Reply, ArrayBuffer[]] => [{ id, result }, buffers],
    (error: unknown): [Reply, ArrayBuffer[]] => [{ id, error }, []],
  );
  parentPort?.postMessage(reply, transferred);
});

async function run(method: Call['method'], args: unknown[]) {
  if (method !== 'parse') {
    const result = await (reader[method] as (...args: unknown[]) => Promise<unknown>)(...args);
    return { result, buffers: [] };
  }
  const batch = await reader.parse(...(args as Parameters<typeof reader.parse>));
  return { result: batch, buffers: buffersOf(batch) };
}

/** The buffers that are handed over without a copy. */
function buffersOf({ keys, rows }: ParsedBatch): ArrayBuffer[] {
  const all = [keys, ...rows.events, ...rows.orders, ...rows.items];
  return [...new Set(all.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}
