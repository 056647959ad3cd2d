import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { childEnvironment, type Env, loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { killGroup } from '../process/child.ts';

const SOURCES = [
  '{app,lib,db,public}/**/*.{ts,tsx,css,json,svg,png,ico,woff2}',
  '*.config.{ts,mjs}',
  'proxy.ts',
  'instrumentation.ts',
  'tsconfig.json',
  'package-lock.json',
];

/**
 * Compiles the console into `.next` and records the digest of its sources.
 * @throws OperatorError where it does not compile or `signal` stops it.
 */
export async function buildConsole(root: string, signal: AbortSignal): Promise<void> {
  const digest = digestOfSources(root, loadEnv());
  rmSync(builtDigestPath(root), { force: true });
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  // A process group of its own, so that its workers can be stopped with it.
  const build = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    detached: true,
    env: childEnvironment({ NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' }),
    // Its output is messages, not data, so both streams go to stderr.
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

/** A digest of all sources of the console and of the environment that next.config.ts reads; tests are left out. */
export function digestOfSources(root: string, { PUBLIC_URL = '' }: Pick<Env, 'PUBLIC_URL'>): string {
  const hash = createHash('sha256').update(`${PUBLIC_URL}\n`);
  const files = globSync(SOURCES, { cwd: root, exclude: ['**/*.test.*'] });
  for (const file of files.sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Where the digest of the last finished build is kept: inside the build, so that both are removed together. */
export function builtDigestPath(root: string): string {
  return join(root, '.next', 'built-from');
}

/** Whether the built console is missing, incomplete or made of other sources. */
export function isBuildNeeded(root: string, digest: string): boolean {
  const path = builtDigestPath(root);
  const isComplete = existsSync(join(root, '.next', 'BUILD_ID')) && existsSync(path);
  return !isComplete || readFileSync(path, 'utf8') !== digest;
}
