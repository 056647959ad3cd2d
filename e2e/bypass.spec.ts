import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { connect } from '#db/client.ts';
import { createAccount, generatePassword } from '#lib/auth/people/index.ts';
import type { Role } from '#lib/contract/person.ts';
import { identityAttempts } from './bypass/identity-attempts.ts';
import { readAttempts } from './bypass/read-attempts.ts';
import {
  decision,
  type Identity,
  identities,
  postAction,
  type Sql,
  type Target,
  type World,
} from './bypass/world.ts';
import { actionAttempts } from './bypass/write-attempts.ts';
import { expect, test } from './console.ts';
import { type OpenSystem, openSystem, type System } from './setup/open-system.ts';

const run = randomBytes(4).toString('hex');
const emailOf = (name: string) => `bypass-${name}-${run}@caspers.local`;
const CANARY = 'canary-for-those-inside';
const attempts = [...readAttempts, ...actionAttempts, ...identityAttempts];
const mayRead = (identity: Identity) => identity === 'viewer' || identity === 'reviewer';

/** A system of its own: the attacks use up the sign-in attempts of this address, and mark the data of every order. */
let system: OpenSystem;
let pool: pg.Pool;
const sql: Sql = async (text, values) => (await pool.query(text, values)).rows;
let cookies: Record<Identity, string>;
let dead: World['dead'];
let actionId: string;
let targets: Target[];

test.beforeAll(async () => {
  system = await openSystem({ filled: true });
  pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  await sql(`update recommender.pg_recommendations set reason = reason || ' ${CANARY}'`);
  targets = await sql(
    `select order_id as "orderId", recommendation_id::text as "recommendationId" from refunds.cases
     where status = 'queued' and refund_class = 'none' order by order_id limit 80`,
  );
  const person = (name: string, role: Role) => signInAs(system, emailOf(name), role);
  cookies = {
    anonymous: '',
    viewer: await person('viewer', 'viewer'),
    reviewer: await person('reviewer', 'reviewer'),
    disabled: await person('disabled', 'reviewer'),
    expired: await person('expired', 'reviewer'),
  };
  dead = {
    revoked: await person('revoked', 'reviewer'),
    password: await person('password', 'reviewer'),
    lowered: await person('lowered', 'reviewer'),
  };
  await endSessions(sql);
  actionId = await findAction(system, cookies.reviewer, targets[0]?.orderId ?? '');
});

test.afterAll(async () => {
  await pool.end();
  await system.close();
});

test('there are 48 attacks, each tried by five identities', () => {
  expect([attempts.length, identities.length]).toEqual([48, 5]);
});

test('the attacked requests succeed for authorized people', async () => {
  const answer = await fetch(`${system.url}/api/recommendations?include_zero=true&limit=200`, {
    headers: { cookie: cookies.viewer },
  });
  expect(await answer.text()).toContain(CANARY);
  const [attempt] = actionAttempts;
  const world = worldOf('reviewer', system, sql, `control ${run}`);
  await attempt?.play(world);
  expect(await decisionsOf(sql, `control ${run}`)).toEqual([{ decided_by: emailOf('reviewer') }]);
});

test('a decision for another order than the page shows is refused', async () => {
  for (const addressOrderId of [targets[0]?.orderId, null]) {
    const world = worldOf('reviewer', system, sql, `another order ${run}`);
    const answer = await postAction(world, JSON.stringify([decision(world, { addressOrderId })]));
    expect(answer.text).toContain('Nothing was decided.');
    expect(await decisionsOf(sql, world.mark)).toEqual([]);
  }
});

for (const identity of identities)
  test(`none of 48 attacks lets ${identity} do or see anything unauthorized`, async () => {
    for (const attempt of attempts) {
      const mark = `bypass ${run} ${identity} ${attempt.name}`;
      const answers = await attempt.play(worldOf(identity, system, sql, mark));
      const seen = answers.filter(({ text }) => text.includes(CANARY));
      const broken = answers.filter(({ status, isAction }) => status >= 500 && status !== 501 && !isAction);
      const leaks = answers.filter(({ text }) =>
        /at \w+.*\(.*:\d+:\d+\)|node_modules|syntax error at/.test(text),
      );
      const decided = await decisionsOf(sql, mark);
      const legal = identity === 'reviewer' && attempt.isLegalForReviewer;
      expect.soft([mark, mayRead(identity) ? [] : seen, leaks]).toEqual([mark, [], []]);
      expect.soft([mark, broken.map(({ status }) => status)]).toEqual([mark, []]);
      expect
        .soft([mark, legal ? decided.filter(({ decided_by }) => !isOwn(decided_by)) : decided])
        .toEqual([mark, []]);
    }
    const kept = await sql<{ n: number }>(
      `select count(*)::integer as n from auth.audit_log where action = 'denied' and actor = $1`,
      [mayRead(identity) ? emailOf(identity) : 'anonymous'],
    );
    expect(kept[0]?.n).toBeGreaterThan(0);
  });

const isOwn = (email: string) => email === emailOf('reviewer');

/** A world with an undecided order; only the legal attempts of a reviewer use it up. */
function worldOf(identity: Identity, system: System, sql: Sql, mark: string): World {
  const target = identity === 'reviewer' ? targets.pop() : targets[0];
  if (!target) throw new Error('no undecided order is left');
  return { system, sql, cookie: cookies[identity], dead, target, mark, actionId };
}

async function decisionsOf(sql: Sql, mark: string): Promise<{ decided_by: string }[]> {
  return sql('select decided_by from refunds.refund_decisions where starts_with(reason, $1)', [mark]);
}

async function signInAs(system: System, email: string, role: Role): Promise<string> {
  const password = generatePassword();
  const db = connect({ url: system.databaseUrl, applicationName: 'caspers e2e', max: 1 });
  await createAccount(db.pool, { email, name: email, role, password }, new Date());
  await db.close();
  const response = await fetch(`${system.url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: system.url },
    body: JSON.stringify({ email, password }),
  });
  expect(response.status).toBe(200);
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** Ends sessions in every possible way. */
async function endSessions(sql: Sql): Promise<void> {
  const of = (name: string) => `user_id = (select id from auth."user" where email = '${emailOf(name)}')`;
  await sql(`update auth."user" set disabled_at = now() where email = '${emailOf('disabled')}'`);
  await sql(`update auth.session set expires_at = now() where ${of('expired')}`);
  await sql(`delete from auth.session where ${of('revoked')}`);
  await sql(`delete from auth.session where ${of('password')}`);
  await sql(`update auth."user" set role = 'viewer' where email = '${emailOf('lowered')}'`);
  await sql(`delete from auth.session where ${of('lowered')}`);
}

/** The id of the server action that decides, from the scripts of the page. */
async function findAction(system: System, cookie: string, orderId: string): Promise<string> {
  const page = await (await fetch(`${system.url}/refunds/${orderId}`, { headers: { cookie } })).text();
  const scripts = [...page.matchAll(/\/_next\/static\/[^"\\]+\.js/g)].map(([path]) => path);
  for (const path of new Set(scripts)) {
    const text = await (await fetch(`${system.url}${path}`)).text();
    const id = /createServerReference\)?\("([0-9a-f]{42})"[^)]{0,200}"decideRefund"/.exec(text)?.[1];
    if (id) return id;
  }
  throw new Error('no script names the action');
}
