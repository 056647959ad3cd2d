import { Worker } from 'node:worker_threads';
import type { ParsedBatch } from '../batch.ts';
import type { ReadBatch, Reader } from './reader.ts';

/** A call of the reader on the thread, and its reply; `id` pairs them. */
export type Call = { id: number; method: keyof Reader; args: unknown[] };
export type Reply = { id: number; result?: unknown; error?: unknown };

type Pending = { resolve(result: unknown): void; reject(error: unknown): void };

/** A reader on a thread of its own, so that one batch is read and parsed while the previous one is written. */
export type ThreadedReader = Reader & { close(): Promise<void> };

/** Enough young generation for the short-lived objects of a batch; the thread's memory is bounded. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 };

export function createThreadedReader(): ThreadedReader {
  const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), { resourceLimits });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  worker.unref();
  worker.on('message', ({ id, result, error }: Reply) => {
    const call = pending.get(id);
    pending.delete(id);
    if (error === undefined) call?.resolve(result);
    else call?.reject(error);
    if (pending.size === 0) worker.unref();
  });
  const failAll = (error: unknown) => {
    for (const call of pending.values()) call.reject(error);
    pending.clear();
  };
  worker.on('error', failAll);
  worker.on('exit', () => failAll(new Error('the thread that reads files has ended')));
  const call = (method: keyof Reader, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      lastId += 1;
      pending.set(lastId, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: lastId, method, args } satisfies Call);
    });
  return {
    read: async (...args) => (await call('read', args)) as ReadBatch,
    parse: async (...args) => (await call('parse', args)) as ParsedBatch,
    discard: async (...args) => void (await call('discard', args)),
    close: async () => void (await worker.terminate()),
  };
}
