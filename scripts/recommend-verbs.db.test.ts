import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { generateDeliveries } from '#lib/recommender/deliveries.testing.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await generateDeliveries(database, { count: 500, days: 20, batches: 3 });
});
afterAll(() => database.close());

type Ended = { code: number; data: string; talk: string };

function recommend(...args: string[]): Promise<Ended> {
  const env = { NODE_ENV: 'test' as const, DATABASE_URL: database.url, LOG_LEVEL: 'silent' };
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/recommend.ts', ...args], { env }, (error, data, talk) =>
      resolve({ code: Number(error?.code ?? 0), data, talk }),
    );
  });
}

test('the sample comes first, the rest by backfill with progress, and then there is nothing to do', async () => {
  const once = JSON.parse((await recommend('--once')).data);
  expect(once.read).toBe(500);
  const backfill = await recommend('backfill');
  expect(JSON.parse(backfill.data).added).toBe(500 - once.added);
  expect(backfill.talk).toContain('backfill 100%');
  const again = await recommend('backfill');
  expect(again).toMatchObject({ code: 0, talk: expect.stringContaining('Nothing to do') });
});

test('a policy is added from a file and activated', async () => {
  const path = join(await temporaryDirectory(), 'mine.json');
  const shown = await recommend('policy', 'show', 'v2');
  writeFileSync(path, JSON.stringify({ ...JSON.parse(shown.data), version: 'mine' }));
  expect(await recommend('policy', 'validate', path)).toMatchObject({ code: 0 });
  expect(JSON.parse((await recommend('policy', 'add', path)).data)).toEqual({ version: 'mine', added: true });
  expect(await recommend('policy', 'activate', 'mine')).toMatchObject({
    code: 0,
    talk: 'mine scores from now on.\n',
  });
  const active = (await recommend('policy', 'list')).data
    .split('\n')
    .filter((line) => /active since/.test(line));
  expect(active).toEqual([expect.stringMatching(/^mine {2}/)]);
});

test.each([
  [['policy', 'validate', 'package.json'], 1, 'The policy package.json is invalid'],
  [['policy', 'activate', 'v9'], 1, 'There is no policy v9'],
  [['policy', 'improve'], 2, 'There is no verb "improve". Choose one of list, show'],
  [['--order', 'unknown', '--explain'], 1, 'Order unknown is neither delivered'],
  [['rerun', 'unknown', '--note', 'x'], 1, 'Order unknown has no recommendation'],
] as const)('recommend %j ends with %i and says why', async (args, code, said) => {
  const ended = await recommend(...args);
  expect(ended).toMatchObject({ code, data: '' });
  expect(ended.talk).toContain(said);
});
