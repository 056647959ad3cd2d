import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { childEnvironment } from '#lib/env.ts';

/** A console's API on a database; `isAlive` tells whether it is still the process that was started. */
export type Api = { url: string; isAlive(): boolean; stop(): Promise<void> };

export async function startApi(databaseUrl: string, directory: string): Promise<Api> {
  const env = childEnvironment({
    DATABASE_URL: databaseUrl,
    DATA_DIR: directory,
    AUTH_SECRET: 'a-secret-of-the-chaos-0123456789abcdef',
    LOG_LEVEL: 'silent',
  });
  const path = fileURLToPath(new URL('api-server.ts', import.meta.url));
  const child = fork(path, [], { env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ ready: { port: number } }];
  const stop = async () => {
    child.kill();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${message.ready.port}`, isAlive: () => child.exitCode === null, stop };
}
