import { watch } from 'node:fs/promises';

const POLL_MS = 1000;

/**
 * Waits until something changes in the volume, but at most a second. Watching only shortens the wait; where it is not
 * possible (no directory yet, no more watches) polling is enough. Ends early when `signal` aborts.
 */
export async function waitForFiles(volume: string, signal: AbortSignal): Promise<void> {
  const ends = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  await firstChange(volume, ends).catch(() => untilAborted(ends));
}

async function firstChange(volume: string, signal: AbortSignal): Promise<void> {
  for await (const _change of watch(volume, { signal })) return;
}

function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
