import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { connect, type Database } from '#db/client.ts';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { fixedClock } from '#lib/clock.ts';
import { type Role, roles } from '#lib/contract/person.ts';
import { createVolume, drain, emptyLakehouse, expectWhole, readRows } from '../lakehouse.testing.ts';
import {
  checkText,
  dropRecords,
  readQuarantinedRecord,
  readQuarantinePage,
  readTableHistory,
  replayRecords,
} from './screens.ts';

let owner: TestDatabase;
let db: Database;
beforeAll(async () => {
  owner = await createTestDatabase();
  db = connect({ url: owner.url, applicationName: 'caspers test', role: 'caspers_console', max: 2 });
  for (const role of roles)
    await owner.pool.query(
      `insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
       values ($1, $1, $1 || '@example.com', true, $1, now(), now())`,
      [role],
    );
});
afterAll(async () => {
  await db.close();
  await owner.close();
});

const noon = new Date('2026-10-01T12:00:00Z');
const clock = fixedClock(noon);
const as = (role: Role) => ({ db, clock, person: { email: `${role}@example.com` } });
const created = (order: string, price: number, location = 'sf') =>
  JSON.stringify({
    ...{ event_id: `${order}-created`, event_type: 'order_created', ts: noon.toISOString() },
    ...{ order_id: order, location, sequence: 0, body: { items: [{ id: 1, brand_id: 2, price, qty: 1 }] } },
  });
const bad = [created('b', -5), created('c', -5, 'chicago'), 'not json'];

beforeEach(async () => {
  await drain(owner, await createVolume({ '0.json': [created('a', 5), ...bad].join('\n') }), { clock });
});
afterEach(() => emptyLakehouse(owner.pool));

const idOf = async (location: string) => {
  const { rows } = await readQuarantinePage({ db }, { location, limit: 9 });
  return rows[0]?.id ?? 0;
};
const contents = `
  select (select json_agg(header order by order_id) from lakeflow.gold_order_header as header) as headers,
    (select json_agg(sales order by brand_id, day) from lakeflow.gold_brand_sales_day as sales) as sales`;

test('the list filters by rule, file, location and time, with counts of the other filters', async () => {
  const list = async (filter: Partial<Parameters<typeof readQuarantinePage>[1]>) => {
    const { rows, counts } = await readQuarantinePage({ db }, { limit: 9, ...filter });
    return [rows.length, counts.map(({ rule, records }) => `${rule} ${records}`)];
  };
  const all = ['bad_price 2', 'malformed_json 1'];
  expect(await list({})).toEqual([3, all]);
  expect(await list({ rule: 'bad_price' })).toEqual([2, all]);
  expect(await list({ location: 'chicago' })).toEqual([1, ['bad_price 1']]);
  expect(await list({ file: '0.json', from: noon })).toEqual([3, all]);
  expect(await list({ to: noon })).toEqual([0, []]);
  const { rows } = await readQuarantinePage({ db }, { limit: 2 });
  expect(await list({ before: rows[1]?.id })).toEqual([1, all]);
});

test('a mended record is replayed once, and gold is that of a clean run', async () => {
  const id = await idOf('sf');
  const text = created('b', 7);
  expect(checkText({ clock }, bad[0] ?? '')).toMatchObject({ accepted: false, rule: 'bad_price' });
  expect(checkText({ clock }, text)).toMatchObject({ accepted: true, events: [{ orderId: 'b' }] });
  expect(await replayRecords(as('engineer'), { ids: [id] }, { replacement: text })).toEqual({
    ...{ requested: [id], rejected: [] },
  });
  expect(await readQuarantinedRecord({ db }, id)).toMatchObject({
    ...{ state: 'requested', requestedBy: 'engineer@example.com', isPipelineRunning: false, raw: bad[0] },
  });
  await drain(owner, await createVolume(), { clock });
  await drain(owner, await createVolume(), { clock });
  await expectWhole(owner.pool);
  const mended = await readRows(owner.pool, contents);
  await emptyLakehouse(owner.pool);
  const clean = { '0.json': `${created('a', 5)}\n${text}` };
  await drain(owner, await createVolume(clean), { clock });
  expect(await readRows(owner.pool, contents)).toEqual(mended);
});

test('what a person asks is audited with the text before and after', async () => {
  const [id, other] = [await idOf('sf'), await idOf('chicago')];
  const text = created('b', 7);
  await replayRecords(as('engineer'), { ids: [id] }, { replacement: text });
  expect(await dropRecords(as('admin'), { ids: [other] })).toBe(1);
  const entries = await readRows(
    owner.pool,
    `select actor, action, subject, detail from auth.audit_log where action like 'quarantine%' order by seq desc limit 2`,
  );
  expect(entries).toMatchObject([
    {
      actor: 'admin@example.com',
      action: 'quarantine_dropped',
      subject: `${other}`,
      detail: { before: bad[1] },
    },
    {
      ...{ actor: 'engineer@example.com', action: 'quarantine_replay_requested', subject: `${id}` },
      detail: { rule: 'bad_price', before: bad[0], after: text },
    },
  ]);
});

test.each(roles)('the database lets a %s change records only as engineer or admin', async (role) => {
  const id = await idOf('sf');
  const may = role === 'engineer' || role === 'admin';
  const drop = dropRecords(as(role), { ids: [id] });
  if (may) expect(await drop).toBe(1);
  else await expect(drop).rejects.toThrow('Only engineers and admins may change records of the pipeline.');
  const { state } = await readQuarantinedRecord({ db }, id);
  expect(state).toBe(may ? 'dropped' : 'open');
});

test('the console can neither leave out who asks nor change anything else', async () => {
  const set = (change: string) => db.pool.query(`update lakeflow.quarantined_records set ${change}`);
  await expect(set('dropped_at = now()')).rejects.toThrow('no person is named');
  await expect(set(`replacement = 'x', requested_by = 'engineer@example.com'`)).rejects.toThrow(
    'the console only asks for replays and drops',
  );
  await expect(set(`raw = 'x'`)).rejects.toThrow('permission denied');
});

test('a preview of a rule counts what would be replayed and requests nothing', async () => {
  const preview = await replayRecords(as('engineer'), { rule: 'bad_price' }, { preview: true });
  expect([preview.requested.length, preview.rejected.length]).toEqual([0, 2]);
  const { rows } = await readQuarantinePage({ db }, { limit: 9 });
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['open']));
});

test('the history of a table pages by version, newest first', async () => {
  await drain(owner, await createVolume({ '1.json': created('d', 5) }), { clock });
  const { tables, versions } = await readTableHistory({ db }, { table: 'all_events', limit: 9 });
  expect(tables).toContain('gold_brand_sales_day');
  const described = await owner.pool.query(
    `select array_agg(version::int) as numbers from describe_history('all_events')`,
  );
  expect(versions.map(({ version }) => version)).toEqual(described.rows[0].numbers);
  const newest = versions[0]?.version;
  const older = await readTableHistory({ db }, { table: 'all_events', before: newest, limit: 1 });
  expect(older.versions).toEqual(versions.slice(1, 2));
  expect((await readTableHistory({ db }, { table: 'nowhere', limit: 1 })).versions).toEqual([]);
});
