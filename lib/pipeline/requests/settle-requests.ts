import type { Clock } from '#lib/clock.ts';
import { readCheckpoint } from '../commit/checkpoint.ts';
import { readPipelineTime } from '../parse/event-time.ts';
import { asOnlyWriter, type SessionOptions } from '../writer/session.ts';
import { takeRequests } from './take-requests.ts';

const POLL_MS = 200;

type Settling = SessionOptions & { volume: string; clock: Clock };

/**
 * Returns when the requests that `isSettled` asks about are done: by the pipeline that runs, or by this process
 * where none does. @param patience a signal that ends the waiting; the requests stand all the same.
 */
export async function settleRequests(
  options: Settling,
  isSettled: () => Promise<boolean>,
  patience: AbortSignal,
): Promise<void> {
  const settled = new AbortController();
  const signal = AbortSignal.any([options.signal, patience, settled.signal]);
  const watching = watch(isSettled, settled, { ...options, signal });
  const say = () => options.say('The pipeline that runs takes care of it.');
  await asOnlyWriter({ ...options, signal, say }, async (connection) => {
    const { volume, clock } = options;
    const now = await readPipelineTime(volume, clock, options.say);
    const position = await readCheckpoint(connection);
    await takeRequests({ connection, volume, clock, position, now, watermark: false });
  });
  settled.abort();
  await watching;
}

async function watch(
  isSettled: () => Promise<boolean>,
  settled: AbortController,
  { signal, sleep }: Pick<SessionOptions, 'signal' | 'sleep'>,
): Promise<void> {
  while (!signal.aborted) {
    if (await isSettled()) settled.abort();
    else await sleep(POLL_MS, signal);
  }
}
