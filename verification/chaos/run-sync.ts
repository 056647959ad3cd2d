import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '#lib/env.ts';

const root = join(import.meta.dirname, '../..');

/** A running `sync` command. */
export type SyncProcess = { child: ChildProcess; ended: Promise<unknown> };

/** Starts the real command on a database, from which it reads and to which it writes. */
export function startSync(url: string, mode: '--once' | '--continuous'): SyncProcess {
  const child = spawn(process.execPath, [join(root, 'scripts/sync.ts'), mode], {
    cwd: root,
    env: childEnvironment({ DATABASE_URL: url, NODE_NO_WARNINGS: '1', LOG_LEVEL: 'silent' }),
    stdio: 'ignore',
  });
  const end = () => child.kill('SIGKILL');
  process.on('exit', end);
  return { child, ended: once(child, 'exit').then(() => process.off('exit', end)) };
}

/** Kills it, and waits until it is gone. */
export async function killSync({ child, ended }: SyncProcess): Promise<void> {
  child.kill('SIGKILL');
  await ended;
}
