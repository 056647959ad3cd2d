import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fixedClock } from '#lib/clock.ts';
import { silentProgress } from '#lib/progress.ts';
import { simulate } from '#lib/simulator/index.ts';
import { listFiles } from '#lib/volume/index.ts';
import { type Figure, timed } from './figure.ts';

/** Simulates the days up to `until` for all locations into a volume. @returns the number of events. */
export async function fillVolume(volume: string, days: number, until: Date, signal: AbortSignal) {
  const directories = { volume, dimensions: 'data/dimensional', configs: 'data/locations' };
  const reports = await simulate(
    { ...directories, location: 'all', days, seed: 1, live: false, flushSeconds: 1 },
    { clock: fixedClock(until), signal, say: () => undefined, showProgress: () => silentProgress },
  );
  return reports.reduce((sum, { events }) => sum + events, 0);
}

/** Simulates days of all locations to files; the baseline stringifies and writes the same events. */
export async function benchSimulate(
  volume: string,
  days: number,
  until: Date,
  signal: AbortSignal,
): Promise<Figure> {
  const { seconds, result } = await timed(() => fillVolume(volume, days, until, signal));
  return {
    what: 'simulate, events to files',
    count: result,
    unit: 'events',
    seconds,
    baseline: 'JSON.stringify and write the same events',
    ratio: seconds / (await rewrite(volume)),
  };
}

/** Writes the events of every file again. @returns the seconds of only stringifying and writing them. */
async function rewrite(volume: string): Promise<number> {
  let total = 0;
  for (const name of (await listFiles(volume)).files) {
    const text = await readFile(join(volume, name), 'utf8');
    const events = text
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const { seconds } = await timed(() =>
      writeFile(`${volume}-baseline`, events.map((event) => `${JSON.stringify(event)}\n`).join('')),
    );
    total += seconds;
  }
  return total;
}
