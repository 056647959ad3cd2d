import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect, type Database } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { databaseRoles, grants } from './roles.ts';

let db: TestDatabase;
let roles: Map<string, Database>;
beforeAll(async () => {
  db = await createTestDatabase();
  roles = new Map(
    databaseRoles.map((role) => [role, connect({ url: db.url, applicationName: 'test', max: 1, role })]),
  );
});
afterAll(async () => {
  for (const role of roles.values()) await role.close();
  await db.close();
});

const PRIVILEGES = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];

test('every role has exactly the rights on every table that the matrix gives it', async () => {
  const { rows } = await db.pool.query<{ role: string; table: string; privilege: string; held: boolean }>(
    `select role, table_schema || '.' || table_name as table, privilege,
       has_table_privilege(role, format('%I.%I', table_schema, table_name)::regclass, privilege) as held
     from unnest($1::text[]) as role, unnest($2::text[]) as privilege, information_schema.tables
     where table_schema in ('simulator', 'lakeflow', 'recommender', 'refunds', 'auth', 'migrations')`,
    [databaseRoles, PRIVILEGES],
  );
  const wrong = rows.filter(({ role, table, privilege, held }) => held !== isGranted(role, table, privilege));
  expect(rows.length).toBeGreaterThan(databaseRoles.length * PRIVILEGES.length * 30);
  expect(wrong).toEqual([]);
});

test.each(databaseRoles)('%s is not a superuser, creates nothing and cannot sign in', async (role) => {
  const { rows } = await db.pool.query(
    `select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolcanlogin as mighty,
       has_schema_privilege(rolname, 'public', 'create') or has_schema_privilege(rolname, 'lakeflow', 'create') as makes
     from pg_roles where rolname = $1`,
    [role],
  );
  expect(rows).toEqual([{ mighty: false, makes: false }]);
});

const never: [statement: string][] = [
  ['update lakeflow.all_events set ts = now()'],
  ['delete from lakeflow.all_events'],
  ['truncate lakeflow.all_events'],
  ['update refunds.refund_decisions set amount_usd = 0'],
  ['delete from refunds.refund_decisions'],
  ['truncate refunds.refund_decisions cascade'],
  ['update auth.audit_log set actor = $$x$$'],
  ['delete from auth.audit_log'],
  ['truncate auth.audit_log'],
  ['alter table auth.audit_log disable trigger all'],
  ['alter table refunds.refund_decisions disable trigger all'],
  ['drop table refunds.refund_decisions cascade'],
  ['set session_replication_role = replica'],
  [`select refunds.move_case('x', 'decided', 'x', now(), true, null)`],
  ['select refunds.fold_tallies()'],
  ['create table public.extra (n integer)'],
  ['create role extra'],
];

test.each(never)('no role may: %s', async (statement) => {
  for (const [role, { pool }] of roles) {
    const outcome = await pool.query(statement).then(
      () => 'done',
      (error: { code: string }) => error.code,
    );
    expect([role, outcome]).toEqual([role, '42501']);
  }
});

test.each([
  'update lakeflow.all_events set ts = now()',
  'delete from refunds.refund_decisions',
  'truncate auth.audit_log',
])('the owner cannot either: %s', async (statement) => {
  await expect(db.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('the console moves an order into and out of the decided status only through a decision', async () => {
  const { pool } = roles.get('caspers_console') ?? db;
  await db.pool.query(
    `insert into refunds.cases (order_id, recommendation_id, delivered_ts, delivery_minutes, brand_ids, order_total_usd, source)
     values ('role', 1, now(), 1, '{}', 1, 'policy')`,
  );
  for (const status of ['decided', 'pending_approval', 'reversed'])
    await expect(pool.query('update refunds.cases set status = $1', [status])).rejects.toMatchObject({
      constraint: 'case_step',
    });
  await expect(pool.query('update refunds.cases set refund_usd = 1')).rejects.toMatchObject({
    code: '42501',
  });
  await pool.query(`update refunds.cases set status = 'escalated'`);
});

test('the console requests another recommendation only through its function', async () => {
  const { pool } = roles.get('caspers_console') ?? db;
  const ask = `select recommender.request_rescore('unknown order', 'a note', 'ana@example.com')`;
  await expect(pool.query(ask)).rejects.toMatchObject({ code: '23503' });
  const sync = roles.get('caspers_sync') ?? db;
  await expect(sync.pool.query(ask)).rejects.toMatchObject({ code: '42501' });
  await expect(
    pool.query(`insert into recommender.deferred_orders values ('x', 0, now(), now())`),
  ).rejects.toMatchObject({ code: '42501' });
});

const policyChanges: [statement: string][] = [
  [`insert into recommender.policies values ('mine', '{"version": "mine"}')`],
  [`update recommender.policies set rules = rules || '{"grace_minutes": 60}'`],
  [`insert into recommender.policy_drafts (version, author, note) values ('v2', 'a@example.com', 'x')`],
  [`insert into recommender.open_drafts (version, author, note) values ('v2', 'a@example.com', 'x')`],
  [
    `insert into recommender.policy_activations (version, draft_id, published_by, note) values ('v2', 1, 'b@example.com', 'x')`,
  ],
  [`delete from recommender.policy_activations`],
  [`alter table recommender.policy_activations disable trigger all`],
  [`select auth.append_audit('b@example.com', 'policy_published', 'v2', '{}')`],
  [`select recommender.require_person('a@example.com', '{lead}')`],
];

test.each(policyChanges)('no role but the console changes the policy: %s', async (statement) => {
  for (const role of databaseRoles.filter((one) => one !== 'caspers_console'))
    await expect(roles.get(role)?.pool.query(statement)).rejects.toMatchObject({ code: '42501' });
});

test('the console, and the owner, change the policy only by the draft of a second person', async () => {
  await db.pool.query(`
    insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
    select name, name, name || '@example.com', true, 'lead', now(), now() from unnest('{lea,liv}'::text[]) as name`);
  const publish = (draft: number | null, by: string) =>
    `insert into recommender.policy_activations (version, draft_id, published_by, note) values ('v2', ${draft}, '${by}', 'x')`;
  for (const { pool } of [roles.get('caspers_console') ?? db, db]) {
    await expect(pool.query(publish(null, 'lea'))).rejects.toMatchObject({ constraint: 'policy_draft' });
    await expect(pool.query(publish(null, 'system'))).rejects.toMatchObject({ constraint: 'policy_person' });
  }
  const { pool } = roles.get('caspers_console') ?? db;
  const { rows } = await pool.query<{ id: number }>(
    `insert into recommender.policy_drafts (version, author, note) values ('v2', 'lea', 'x') returning id`,
  );
  const draft = rows[0]?.id ?? 0;
  for (const by of [pool, db.pool])
    await expect(by.query(publish(draft, 'lea@example.com'))).rejects.toMatchObject({
      constraint: 'policy_second_person',
    });
  await pool.query(publish(draft, 'liv@example.com'));
});

test('if the server has no such role, a connection keeps its user', async () => {
  const plain = connect({ url: db.url, applicationName: 'test', max: 1, role: 'caspers_none' as never });
  const { rows } = await plain.pool.query('select current_user = session_user as same');
  await plain.close();
  expect(rows).toEqual([{ same: true }]);
});

/** The last line of the matrix that names a table counts; one for columns gives none for the table. */
function isGranted(role: string, table: string, privilege: string): boolean {
  const schema = table.slice(0, table.indexOf('.'));
  const lines = grants[role as keyof typeof grants].filter(([, what]) => !what.includes('('));
  const line =
    lines.findLast(([target]) => target === table) ?? lines.findLast(([target]) => target === `${schema}.*`);
  return line?.[1].split(', ').includes(privilege.toLowerCase()) ?? false;
}
