import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { childEnvironment } from '#lib/env.ts';

const root = join(import.meta.dirname, '../..');

export type StartedProcess = { child: ChildProcess; isAlive(): boolean; stop(): Promise<void> };

/** Starts a script, named from the project's root, with the environment of production. */
export function startProcess(
  script: string,
  args: string[],
  env: Record<string, string>,
  stderr: 'inherit' | 'ignore' = 'inherit',
): StartedProcess {
  const child = fork(join(root, script), args, {
    cwd: root,
    env: childEnvironment({ NODE_ENV: 'production', LOG_LEVEL: 'error', ...env }),
    stdio: ['ignore', 'ignore', stderr, 'ipc'],
  });
  const isAlive = () => child.exitCode === null && child.signalCode === null;
  const stop = async () => {
    child.kill();
    if (isAlive()) await once(child, 'exit');
  };
  return { child, isAlive, stop };
}

export type StartedServer = StartedProcess & { url: string };

/** Starts a script that serves HTTP and waits for the message in which it names its port. */
export async function startServer(script: string, env: Record<string, string>): Promise<StartedServer> {
  const started = startProcess(script, [], env);
  const [message] = (await once(started.child, 'message')) as [{ ready: { port: number } }];
  return { ...started, url: `http://127.0.0.1:${message.ready.port}` };
}

/** Starts the JSON API of the console on a database, without Next; `env` has further variables. */
export function startApi(
  databaseUrl: string,
  directory: string,
  env: Record<string, string> = {},
): Promise<StartedServer> {
  return startServer('verification/setup/api-server.ts', {
    DATABASE_URL: databaseUrl,
    DATA_DIR: directory,
    AUTH_SECRET: 'a-secret-of-the-tests-0123456789abcdef',
    LOG_LEVEL: 'silent',
    ...env,
  });
}
