import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from '@playwright/test';
import { choosePort } from '../../scripts/supervisor/server/choose-port.ts';
import type { System } from './open-system.ts';
import { openConsole, type ScriptEnvironment } from './run-script.ts';

export type SecondConsole = {
  url: string;
  /** Its log since it was started. */
  readonly said: string[];
  /** Kills it at once. */
  kill(): Promise<void>;
  /** Restarts it at the same address, with the same secret. */
  start(): Promise<void>;
  close(): Promise<void>;
};

/** Starts another console on the database of the system, with a different `env` and a complete log. */
export async function openSecondConsole(
  { databaseUrl }: Pick<System, 'databaseUrl'>,
  describe: (url: string) => Promise<ScriptEnvironment> = async () => ({}),
): Promise<SecondConsole> {
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-second-'));
  // Workers choose from ranges that do not meet, because the port is only taken once the console is up.
  const first = 3400 + 100 * test.info().parallelIndex;
  const port = await choosePort({ last: first + Math.floor(Math.random() * 100), host: '127.0.0.1' });
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: directory,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: 'debug',
    PUBLIC_URL: '',
    ...(await describe(`http://127.0.0.1:${port}`)),
  };
  const open = () => openConsole(env, ['--port', `${port}`]);
  let current = await open();
  return {
    url: current.url,
    get said() {
      return current.said;
    },
    kill: async () => {
      current.child.kill();
      await current.child.exited;
    },
    start: async () => {
      current = await open();
    },
    close: async () => {
      await current.child.stop(5_000);
      rmSync(directory, { recursive: true });
    },
  };
}
