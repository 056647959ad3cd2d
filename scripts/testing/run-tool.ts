import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sleep } from '#lib/clock.ts';
import { childEnvironment } from '#lib/env.ts';
import { killGroup } from '../supervisor/process/child.ts';

const modules = new URL('../../node_modules/', import.meta.url);

/** The entry of each tool; they run on this Node, not on the `node` of the PATH. */
const entries = {
  next: 'next/dist/bin/next',
  tsc: 'typescript/bin/tsc',
  biome: '@biomejs/biome/bin/biome',
  vitest: 'vitest/vitest.mjs',
  playwright: '@playwright/test/cli.js',
} as const;

export type Tool = keyof typeof entries;

/** Runs a tool on the caller's streams until it ends or `signal` stops it. @returns its exit code. */
export async function runTool(tool: Tool, args: string[], signal: AbortSignal): Promise<number> {
  const entry = fileURLToPath(new URL(entries[tool], modules));
  return (await run(process.execPath, [entry, ...args], signal)).code;
}

export const APT_GET = '/usr/bin/apt-get';
const MAX_LOCK_WAIT_MS = 300_000;
const LOCK_RETRY_MS = 3_000;

/** Runs apt-get. While another process holds a package lock, it says so and waits, for five minutes at most. */
export async function runApt(args: string[], signal: AbortSignal): Promise<number> {
  const giveUpAt = performance.now() + MAX_LOCK_WAIT_MS;
  for (let waits = 0; ; waits += 1) {
    const { code, stderr } = await run(APT_GET, args, signal, 'pipe');
    const isLocked = code !== 0 && /Could not get lock|Unable to (acquire|lock)/.test(stderr);
    if (!isLocked || signal.aborted || performance.now() > giveUpAt) return code;
    if (waits === 0)
      process.stderr.write(
        'Another process holds the package lock; waiting for it, for five minutes at most.\n',
      );
    await sleep(LOCK_RETRY_MS, signal);
  }
}

/**
 * Runs a program in a process group of its own. To stop it, it gets SIGINT once, so that it can clean up; if this
 * process ends first, the group is killed.
 */
async function run(
  file: string,
  args: string[],
  signal: AbortSignal,
  stderr: 'inherit' | 'pipe' = 'inherit',
): Promise<{ code: number; stderr: string }> {
  if (signal.aborted) return { code: 1, stderr: '' };
  const child = spawn(file, args, {
    detached: true,
    env: childEnvironment({ NEXT_TELEMETRY_DISABLED: '1' }),
    stdio: ['ignore', 'inherit', stderr],
  });
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    process.stderr.write(text);
  });
  const stop = () => child.kill('SIGINT');
  const end = () => killGroup(child.pid);
  signal.addEventListener('abort', stop);
  process.on('exit', end);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  process.off('exit', end);
  return { code: code ?? 1, stderr: output };
}
