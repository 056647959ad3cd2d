import { Worker } from 'node:worker_threads';
import type { ParsedBatch } from '../batch.ts';
import type { ReadBatch, Reader } from './reader.ts';

/** What the thread is asked, and what it answers; `call` tells the questions apart. */
export type Question = { call: number; verb: keyof Reader; args: unknown[] };
export type Answer = { call: number; result?: unknown; error?: unknown };

type Waiting = { resolve(result: unknown): void; reject(error: unknown): void };

/** A reader on a thread of its own, so that one batch is read and parsed while the one before is written. */
export type ThreadedReader = Reader & { close(): Promise<void> };

/** The thread's new objects have room before they are swept; its memory is bounded. */
const resourceLimits = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 1024 };

export function createThreadedReader(): ThreadedReader {
  const worker = new Worker(new URL('./reader-thread.ts', import.meta.url), { resourceLimits });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.unref();
  worker.on('message', ({ call, result, error }: Answer) => {
    const asked = waiting.get(call);
    waiting.delete(call);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(error);
    if (waiting.size === 0) worker.unref();
  });
  const fail = (error: unknown) => {
    for (const asked of waiting.values()) asked.reject(error);
    waiting.clear();
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('the thread that reads files has ended')));
  const ask = (verb: keyof Reader, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.ref();
      worker.postMessage({ call: last, verb, args } satisfies Question);
    });
  return {
    read: async (...args) => (await ask('read', args)) as ReadBatch,
    parse: async (...args) => (await ask('parse', args)) as ParsedBatch,
    forget: async (...args) => void (await ask('forget', args)),
    close: async () => void (await worker.terminate()),
  };
}
