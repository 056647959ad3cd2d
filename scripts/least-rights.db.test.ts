import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '#db/client.ts';
import { findMissingPooler, startPooler } from '#db/pooler.testing.ts';
import { createLeastRights, type LeastRights } from '#db/roles/least-rights.testing.ts';
import { ensureAccounts } from '#lib/auth/people/index.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { decideRefund } from '#lib/refunds/index.ts';

let login: LeastRights;
let db: Database;
let directory: string;
beforeAll(async () => {
  login = await createLeastRights();
  directory = await mkdtemp(join(tmpdir(), 'caspers-test-'));
  db = connect({ url: login.url, applicationName: 'caspers test', role: 'caspers_console' });
});
afterAll(async () => {
  await db.close();
  await login.drop();
  await rm(directory, { recursive: true, force: true });
});

const execute = promisify(execFile);

function run(script: string, ...args: string[]) {
  const env = commandEnvironment({ DATABASE_URL: login.url, DATA_DIR: directory });
  return execute(process.execPath, [`scripts/${script}.ts`, ...args], { env });
}

test('a login that may only connect and create schemas runs the whole flow, from files to a decision', async () => {
  await run('db-migrate');
  expect((await run('db-migrate')).stdout).toMatch(/^0 migrations applied, 0 /);
  await run('simulate', '--days', '1', '--location', 'portland', '--seed', '1');
  await run('pipeline', '--once');
  await run('recommend', '--once');
  await run('sync', '--once');
  const [orderId, recommendationId] = await findRefund(0);
  const { decision } = await decideRefund(db, person, refundOf(orderId, recommendationId));
  expect(decision).toMatchObject({ orderId, amountCents: 50 });
  await expect(db.pool.query('delete from refunds.refund_decisions')).rejects.toMatchObject({
    code: '42501',
  });
  expect((await run('status')).stdout).toMatch(/roles +none: every part works with all rights of /);
});

test('with such a login, one person drafts a policy and another publishes it', async () => {
  await ensureAccounts(db, new Date());
  const change = (verb: string, by: string) =>
    run('recommend', 'policy', verb, 'v2', '--by', `${by}@caspers.local`, '--note', 'a test of the rights');
  await change('draft', 'reviewer');
  await expect(change('publish', 'reviewer')).rejects.toThrow('published by leads and admins');
  await change('publish', 'lead');
  const { rows } = await db.pool.query(
    `select actor, action from auth.audit_log where action like 'policy_%' order by seq`,
  );
  expect(rows).toEqual([
    { actor: 'system', action: 'policy_published' },
    { actor: 'reviewer@caspers.local', action: 'policy_drafted' },
    { actor: 'lead@caspers.local', action: 'policy_published' },
  ]);
});

test('with such a login, the console decides through a pooler in transaction mode', async ({ skip }) => {
  const missing = findMissingPooler();
  skip(missing !== undefined, missing);
  const pooler = await startPooler({ url: login.url, mode: 'transaction' });
  const options = { applicationName: 'caspers test', role: 'caspers_console' } as const;
  const pooled = connect({ url: pooler.url, directUrl: login.url, ...options });
  try {
    const [orderId, recommendationId] = await findRefund(1);
    const { decision } = await decideRefund(pooled, person, refundOf(orderId, recommendationId));
    expect(decision).toMatchObject({ orderId, amountCents: 50 });
  } finally {
    await pooled.close();
    await pooler.stop();
  }
});

const person = { email: 'ana@example.com', role: 'reviewer' } as const;

/** The n-th smallest refund that is recommended: its order and its recommendation. */
async function findRefund(n: number): Promise<[orderId: string, recommendationId: string]> {
  const { rows } = await db.pool.query<{ order_id: string; recommendation_id: string }>(
    `select order_id, recommendation_id::text from recommender.pg_recommendations
     where refund_usd > 0 order by refund_usd, order_id limit 1 offset $1`,
    [n],
  );
  return [rows[0]?.order_id ?? '', rows[0]?.recommendation_id ?? ''];
}

const refundOf = (orderId: string, recommendationId: string) =>
  ({
    orderId,
    recommendationId,
    amountUsd: '0.50',
    refundClass: 'partial',
    reasonCode: 'other',
    reason: 'A test of the rights',
    idempotencyKey: `least-rights-${orderId}`,
  }) as const;
