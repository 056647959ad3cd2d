import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { childEnvironment } from '#lib/env.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

function start(program: string, args: string[], own: Record<string, string> = {}) {
  return spawn(program, args, { env: childEnvironment({ DATABASE_URL: db.url, ...own }), stdio: 'pipe' });
}

async function launch(...args: string[]) {
  const child = start(process.execPath, ['scripts/launch.mjs', ...args]);
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  const [code] = await once(child, 'close');
  return { code, ...said };
}

async function countConnections(name: string): Promise<number> {
  const { rowCount } = await db.pool.query('select from pg_stat_activity where application_name = $1', [
    name,
  ]);
  return rowCount ?? 0;
}

test('passes data, exit code and wrong usage through', async () => {
  expect(await launch('db-migrate')).toEqual({
    code: 0,
    stdout: '0 migrations applied, 0 functions, views and triggers installed\n',
    stderr: '',
  });
  expect(await launch('db-migrate', '--nonsense')).toMatchObject({ code: 2, stdout: '' });
});

test('an unknown command is refused with the list of those there are', async () => {
  const { code, stderr } = await launch('constrcut');
  expect(code).toBe(2);
  expect(stderr).toMatch(/There is no command constrcut: start, .*reset\.\n/);
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('%s stops a command that runs on', async (signal) => {
  const child = start(process.execPath, ['scripts/launch.mjs', 'sync', '--continuous']);
  await expect.poll(() => countConnections('caspers sync'), { timeout: 120_000 }).toBeGreaterThan(0);
  child.kill(signal);
  expect(await once(child, 'exit')).toEqual([0, null]);
  await expect.poll(() => countConnections('caspers sync'), { timeout: 120_000 }).toBe(0);
});

test('a command does not outlive the npm that started it, even if that is killed', async () => {
  const npm = `require('node:child_process').spawn('sh', ['-c', '"$NODE" scripts/launch.mjs sync --continuous; true'])`;
  const own = { NODE: process.execPath, npm_lifecycle_event: 'sync' };
  const parent = start(process.execPath, ['-e', npm], own);
  await expect.poll(() => countConnections('caspers sync'), { timeout: 120_000 }).toBeGreaterThan(0);
  parent.kill('SIGKILL');
  await expect.poll(() => countConnections('caspers sync'), { timeout: 120_000 }).toBe(0);
});
