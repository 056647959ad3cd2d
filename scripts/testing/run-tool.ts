import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#lib/env.ts';

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

/** The same for any program. */
export async function runProgram(file: string, args: string[], signal: AbortSignal): Promise<number> {
  if (signal.aborted) return 1;
  const child = spawn(file, args, {
    env: childEnvironment({ NEXT_TELEMETRY_DISABLED: '1' }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const stop = () => child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const [code] = await once(child, 'exit');
  signal.removeEventListener('abort', stop);
  return code ?? 1;
}
