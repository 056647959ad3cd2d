import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sleep } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { acquireLock } from '../cli/lock-file.mjs';

const locked = join(import.meta.dirname, 'server');
const NPM = ['ci', '--ignore-scripts', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error'];

/**
 * Installs the locked packages of the model server into a folder, if they are not there, as `npm ci` does.
 * @returns the folder of the module `node-llama-cpp`. @throws OperatorError where that fails.
 */
export async function installServer(folder: string, say: (text: string) => void): Promise<string> {
  const marker = join(folder, '.installed-lock');
  const digest = createHash('sha256')
    .update(readFileSync(join(locked, 'package-lock.json')))
    .digest('hex');
  const isCurrent = () => existsSync(marker) && readFileSync(marker, 'utf8') === digest;
  if (!isCurrent())
    await withLock(`${folder}.lock`, say, () => (isCurrent() ? undefined : install(folder, say)));
  writeFileSync(marker, digest);
  return join(folder, 'node_modules', 'node-llama-cpp');
}

async function install(folder: string, say: (text: string) => void): Promise<void> {
  say(`Installing node-llama-cpp, about 115 MB, into ${folder}; this happens once.`);
  rmSync(join(folder, '.installed-lock'), { force: true });
  cpSync(locked, folder, { recursive: true });
  const started = performance.now();
  const npm = spawn('npm', NPM, {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  const code = await Promise.race([
    once(npm, 'exit').then(([exitCode]) => exitCode as number | null),
    once(npm, 'error').then(([error]) => {
      throw new OperatorError(`npm could not be started: ${(error as Error).message}.`);
    }),
  ]);
  if (code !== 0)
    throw new OperatorError(
      `The model server could not be installed (npm ci ended with ${code}; the reason is above).`,
    );
  say(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

/** One installation at a time in a folder; the lock of a process that was killed is taken over. */
async function withLock(
  path: string,
  say: (text: string) => void,
  work: () => Promise<void> | undefined,
): Promise<void> {
  mkdirSync(dirname(path), { recursive: true });
  for (let waited = false; acquireLock(path, String(process.pid), isAlive).holder; waited = true) {
    if (!waited) say('Another process is installing the model server; waiting for it.');
    await sleep(500);
  }
  try {
    await work();
  } finally {
    rmSync(path);
  }
}

function isAlive(pid: string): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
