import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { choosePort } from '../../scripts/supervisor/choose-port.ts';
import { openConsole } from './run-script.ts';
import type { System } from './system-file.ts';

/** A console that can be killed and come back at the same address, with the same secret. */
export type MortalConsole = {
  url: string;
  /** Ends it at once, amid whatever it does. */
  kill(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
};

export async function openMortalConsole({
  databaseUrl,
}: Pick<System, 'databaseUrl'>): Promise<MortalConsole> {
  const directory = mkdtempSync(join(tmpdir(), 'caspers-e2e-mortal-'));
  const port = await choosePort({ last: 3700 + Math.floor(Math.random() * 200), host: '127.0.0.1' });
  const env = {
    DATABASE_URL: databaseUrl,
    DATA_DIR: directory,
    AUTH_SECRET: randomBytes(32).toString('hex'),
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    LOG_LEVEL: 'error',
    PUBLIC_URL: '',
  };
  const open = () => openConsole(env, ['--port', `${port}`]);
  let { url, child } = await open();
  return {
    url,
    kill: async () => {
      child.kill();
      await child.exited;
    },
    start: async () => {
      ({ url, child } = await open());
    },
    close: async () => {
      await child.stop(5_000);
      rmSync(directory, { recursive: true });
    },
  };
}
