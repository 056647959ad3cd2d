import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { childEnvironment } from '#lib/env.ts';
import { type Figure, timed } from './figure.ts';

const GOAL_KIB = 256 * 1024;
const POLL_MS = 100;

/** The peak memory of the command while it drains a volume; the baseline is the goal of 256 MB. Linux only. */
export async function benchMemory(url: string, volume: string, events: number): Promise<Figure> {
  const { seconds, result } = await timed(() => measurePeak(url, volume));
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
async function measurePeak(url: string, volume: string): Promise<number> {
  // With the flags of scripts/launch.mjs.
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
    await wait(POLL_MS);
  }
  const [code] = await exited;
  if (code !== 0) throw new Error(`the pipeline ended with ${code}`);
  return peak;
}
