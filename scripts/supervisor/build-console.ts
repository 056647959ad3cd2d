import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { childEnvironment, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { builtDigestPath, digestOfSources } from './build-digest.ts';
import { killGroup } from './child.ts';

/**
 * Compiles the console into `.next` and notes what it was made of.
 * @throws OperatorError where it does not compile or `signal` stops it.
 */
export async function buildConsole(root: string, signal: AbortSignal): Promise<void> {
  const digest = digestOfSources(root, loadEnv());
  rmSync(builtDigestPath(root), { force: true });
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  // A group of its own, so that stopping takes its workers along.
  const build = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    detached: true,
    env: childEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
    // What it prints is talk, so both go to stderr.
    stdio: ['ignore', 2, 2],
  });
  const stop = () => killGroup(build.pid);
  signal.addEventListener('abort', stop);
  const [code] = await once(build, 'close');
  signal.removeEventListener('abort', stop);
  if (signal.aborted) throw new OperatorError('The build of the console was stopped.');
  if (code !== 0) throw new OperatorError('The console does not compile; the lines above say where.');
  writeFileSync(builtDigestPath(root), digest);
}
