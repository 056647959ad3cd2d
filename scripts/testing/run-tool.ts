import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#lib/env.ts';
import { killGroup } from '../supervisor/process/child.ts';

const modules = new URL('../../node_modules/', import.meta.url);

/** The entry of each tool; they run on this Node, whatever `node` is on the PATH. */
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
  return runProgram(process.execPath, [fileURLToPath(new URL(entries[tool], modules)), ...args], signal);
}

/**
 * The same for any program. It runs in its own process group and is asked to stop once, by SIGINT, so that it can clean
 * up; if the caller no longer waits for that, the group is killed.
 */
export async function runProgram(file: string, args: string[], signal: AbortSignal): Promise<number> {
  if (signal.aborted) return 1;
  const child = spawn(file, args, {
    detached: true,
    env: childEnvironment({ NEXT_TELEMETRY_DISABLED: '1' }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGINT');
  const end = () => killGroup(child.pid);
  signal.addEventListener('abort', stop);
  process.on('exit', end);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  process.off('exit', end);
  return code ?? 1;
}
