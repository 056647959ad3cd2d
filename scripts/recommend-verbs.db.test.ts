import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ensureAccounts } from '#lib/auth/people/index.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
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
  const env = commandEnvironment({ DATABASE_URL: database.url, LOG_LEVEL: 'silent' });
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

test('one person drafts a policy from a file, a second publishes it, and the audit names both and the difference', async () => {
  await ensureAccounts(database, new Date());
  const path = join(await temporaryDirectory(), 'mine.json');
  const { cap_usd: _, ...rules } = JSON.parse((await recommend('policy', 'show', 'v1')).data);
  writeFileSync(path, JSON.stringify({ ...rules, cap_usd: 25, version: 'mine' }));
  expect(await recommend('policy', 'validate', path)).toMatchObject({ code: 0 });
  const difference = { cap_usd: { from: null, to: 25 } };
  const drafted = await recommend('policy', 'draft', path, '--by', 'lead@caspers.local', '--note', 'a cap');
  expect(JSON.parse(drafted.data)).toEqual({ version: 'mine', author: 'lead@caspers.local', difference });
  expect(drafted.talk).toContain('cap_usd: null → 25');
  expect(JSON.parse((await recommend('policy', 'diff', 'mine')).data)).toMatchObject({ difference });
  const own = await recommend('policy', 'publish', 'mine', '--by', 'lead@caspers.local', '--note', 'mine');
  expect(own).toMatchObject({ code: 1, talk: expect.stringContaining('another lead or admin must publish') });
  const by = ['--by', 'admin@caspers.local', '--note', 'agreed'];
  expect(await recommend('policy', 'publish', 'mine', ...by)).toMatchObject({
    code: 0,
    talk: expect.stringContaining('mine scores from now on.'),
  });
  const lines = (await recommend('policy', 'list')).data.split('\n');
  expect(lines.filter((line) => / {2}active since/.test(line))).toEqual([
    expect.stringMatching(/^mine .* by admin@caspers.local, drafted by lead@caspers.local \(agreed\)/),
  ]);
  expect(lines).toContainEqual(
    expect.stringMatching(/^v1 {2}published since .*, by the system, as the built-in/),
  );
  const { rows } = await database.pool.query(
    `select actor, request_id from auth.audit_log where action like 'policy_%' and actor <> 'system' order by seq`,
  );
  const request_id = expect.stringMatching(/^command line of \S+ on /);
  expect(rows).toEqual([
    { actor: 'lead@caspers.local', request_id },
    { actor: 'admin@caspers.local', request_id },
  ]);
});

test.each([
  [['policy', 'validate', 'package.json'], 1, 'The policy package.json is invalid'],
  [['policy', 'publish', 'v9', '--by', 'x@y', '--note', 'x'], 1, 'No draft of the policy v9 waits'],
  [['policy', 'publish', 'v2', '--by', 'lead@caspers.local'], 2, "required option '--note <text>'"],
  [['policy', 'draft', 'v2', '--by', 'x@y', '--note', 'x'], 1, 'x@y is not the e-mail address or id'],
  [['policy', 'improve'], 2, 'There is no verb "improve". Choose one of list, show'],
  [['--order', 'unknown', '--explain'], 1, 'Order unknown is neither delivered'],
  [['rescore', 'unknown', '--note', 'x'], 1, 'Order unknown has no recommendation'],
] as const)('recommend %j ends with %i and says why', async (args, code, said) => {
  const ended = await recommend(...args);
  expect(ended).toMatchObject({ code, data: '' });
  expect(ended.talk).toContain(said);
});
