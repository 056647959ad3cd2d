import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from '#lib/env.ts';
import type { Figure } from './figure.ts';
import { timed } from './scratch.ts';

const GOAL_KIB = 256 * 1024;
const LOOK_MS = 100;

/** The most memory that the real command holds while it drains a volume, against 256 MB. Linux only. */
export async function benchMemory(url: string, volume: string, events: number): Promise<Figure> {
  const { seconds, result } = await timed(() => drainWatched(url, volume));
  return {
    what: `pipeline, peak memory of the command (${Math.round(result / 1024)} MB)`,
    count: events,
    unit: 'events',
    seconds,
    baseline: '256 MB',
    ratio: result / GOAL_KIB,
  };
}

/** @returns the peak resident memory in KiB. */
async function drainWatched(url: string, volume: string): Promise<number> {
  // As scripts/launch.mjs starts it.
  const args = ['--max-semi-space-size=4', 'scripts/pipeline.ts', '--once', '--volume', volume];
  const child = spawn(process.execPath, args, {
    env: childEnvironment({ DATABASE_URL: url }),
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  let peak = 0;
  while (child.exitCode === null && child.signalCode === null) {
    const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
    peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? peak);
    await wait(LOOK_MS);
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`the pipeline ended with ${code}`);
  return peak;
}
