import { parentPort } from 'node:worker_threads';
import type { ParsedBatch } from '../batch.ts';
import { createReader } from './reader.ts';
import type { Answer, Question } from './threaded-reader.ts';

const reader = createReader();

parentPort?.on('message', async ({ call, verb, args }: Question) => {
  const [answer, buffers] = await work(verb, args).then(
    ({ result, buffers }): [Answer, ArrayBuffer[]] => [{ call, result }, buffers],
    (error: unknown): [Answer, ArrayBuffer[]] => [{ call, error }, []],
  );
  parentPort?.postMessage(answer, buffers);
});

async function work(verb: Question['verb'], args: unknown[]) {
  if (verb !== 'parse') {
    const result = await (reader[verb] as (...given: unknown[]) => Promise<unknown>)(...args);
    return { result, buffers: [] };
  }
  const batch = await reader.parse(...(args as Parameters<typeof reader.parse>));
  return { result: batch, buffers: buffersOf(batch) };
}

/** What is handed over without a copy. */
function buffersOf({ keys, rows }: ParsedBatch): ArrayBuffer[] {
  const all = [keys, ...rows.events, ...rows.orders, ...rows.items];
  return [...new Set(all.map(({ buffer }) => buffer))].filter((buffer) => buffer instanceof ArrayBuffer);
}
