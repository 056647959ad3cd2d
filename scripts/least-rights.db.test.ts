import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '#db/client.ts';
import { createLeastRights, type LeastRights } from '#db/roles/least-rights.testing.ts';
import { decideRefund } from '#lib/refunds/index.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

let login: LeastRights;
let db: Database;
beforeAll(async () => {
  login = await createLeastRights();
  db = connect({ url: login.url, applicationName: 'caspers test', role: 'caspers_console' });
});
afterAll(async () => {
  await db.close();
  await login.drop();
});

const execute = promisify(execFile);

test('a login that may only connect and create schemas runs the whole flow, from files to a decision', async () => {
  const env = { NODE_ENV: 'test', DATABASE_URL: login.url, DATA_DIR: await temporaryDirectory() } as const;
  const run = (script: string, ...args: string[]) =>
    execute(process.execPath, [`scripts/${script}.ts`, ...args], { env });
  await run('db-migrate');
  expect((await run('db-migrate')).stdout).toMatch(/^0 migrations applied, 0 /);
  await run('simulate', '--days', '1', '--location', 'portland', '--seed', '1');
  await run('pipeline', '--once');
  await run('recommend', '--once');
  await run('sync', '--once');
  const { rows } = await db.pool.query<{ order_id: string; recommendation_id: string }>(
    `select order_id, recommendation_id::text from recommender.pg_recommendations where refund_usd > 0 order by refund_usd limit 1`,
  );
  const orderId = rows[0]?.order_id ?? '';
  const recommendationId = rows[0]?.recommendation_id;
  const person = { email: 'ana@example.com', role: 'reviewer' } as const;
  const { decision } = await decideRefund(db, person, {
    orderId,
    recommendationId,
    amountUsd: '0.50',
    refundClass: 'partial',
    reasonCode: 'other',
    reason: 'A test of the rights',
    idempotencyKey: 'least-rights-1',
  });
  expect(decision).toMatchObject({ orderId, amountCents: 50 });
  await expect(db.pool.query('delete from refunds.refund_decisions')).rejects.toMatchObject({
    code: '42501',
  });
  expect((await run('status')).stdout).toMatch(/roles +none: every part works with all rights of /);
});
