import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { isAlive, type ProcessIdentity } from '../scripts/supervisor/process/process-identity.ts';
import { readRunRecord, runRecordPath } from '../scripts/supervisor/process/run-record.ts';
import { isPortFree } from '../scripts/supervisor/server/choose-port.ts';
import { compareEvents } from './setup/compare-events.ts';
import { type StartedSystem, startSystem } from './setup/start-system.ts';

const directory = mkdtempSync(join(tmpdir(), 'caspers-start-'));
/** The settings of the user must not reach the systems under test. */
const env = {
  DATA_DIR: directory,
  DATABASE_URL: '',
  VOLUME_ROOT: '',
  CATALOG: 'caspers',
  PORT: '',
  PUBLIC_URL: '',
  LOG_LEVEL: 'info',
};
const started: StartedSystem[] = [];

const start = (...args: string[]) => {
  const system = startSystem(env, ...args);
  started.push(system);
  return system;
};

test.afterAll(async () => {
  for (const system of started) system.process.kill('SIGTERM');
  await Promise.all(started.map(({ exited }) => exited));
  rmSync(directory, { recursive: true, force: true });
});

/** The processes recorded by the running start command, including itself. */
function listProcesses(): ProcessIdentity[] {
  const record = readRunRecord(runRecordPath(directory));
  return record ? [record.supervisor, ...Object.values(record.children)] : [];
}

const isPostgresUp = () => existsSync(join(directory, 'postgres/data/postmaster.pid'));

async function signIn(url: string, stderr: string): Promise<string> {
  const password = /reviewer@caspers\.local\s+(\S+)/.exec(stderr)?.[1];
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email: 'reviewer@caspers.local', password }),
  });
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

test('one command starts everything, restarts what fails, stops it, and continues the next time', async () => {
  const first = start();
  const url = await first.ready();
  const cookie = await signIn(url, first.output.stderr);
  const queue = await fetch(`${url}/api/recommendations?limit=5`, { headers: { cookie } });
  expect(((await queue.json()) as { items: unknown[] }).items).toHaveLength(5);

  const second = start();
  expect(await second.exited).toBe(1);
  expect(second.output.stderr).toContain(`It is already running at ${url}`);

  const processes = listProcesses();
  expect(processes).toHaveLength(6);
  process.kill(processes[1]?.pid ?? 0, 'SIGKILL');
  await expect.poll(() => first.output.stderr).toContain('It is started again');
  await expect
    .poll(() =>
      fetch(url).then(
        ({ ok }) => ok,
        () => false,
      ),
    )
    .toBe(true);

  const beforeStop = listProcesses();
  first.process.kill('SIGTERM');
  expect(await first.exited).toBe(0);
  expect(beforeStop.filter(isAlive)).toEqual([]);
  expect(await isPortFree(Number(new URL(url).port), '127.0.0.1')).toBe(true);
  expect(isPostgresUp()).toBe(false);

  const killed = start();
  expect(await killed.ready()).toBe(url);
  expect(killed.output.stderr).toContain('The passwords were shown at the first start');
  const orphans = listProcesses();
  killed.process.kill('SIGKILL');
  await killed.exited;
  await expect.poll(() => orphans.filter(isAlive)).toEqual([]);

  const last = start();
  expect(await last.ready()).toBe(url);
  last.process.kill('SIGINT');
  expect(await last.exited).toBe(0);
  const { ingested, expected } = await compareEvents(env);
  expect(ingested.length).toBeGreaterThan(1000);
  expect(ingested).toEqual(expected);
});

test('a port in use gives a one-sentence error before anything is started', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const elsewhere = mkdtempSync(join(tmpdir(), 'caspers-start-'));
  const system = startSystem({
    ...env,
    DATA_DIR: elsewhere,
    PORT: `${(other.address() as AddressInfo).port}`,
  });
  expect(await system.exited).toBe(1);
  other.close();
  expect(system.output.stderr).toMatch(/^Port \d+ is in use by another program\..*\n$/);
  expect(existsSync(join(elsewhere, 'postgres'))).toBe(false);
  rmSync(elsewhere, { recursive: true });
});
