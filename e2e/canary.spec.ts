import pg from 'pg';
import { expect, test } from './console.ts';
import { canaries, orderId, plantCanaries } from './setup/canaries.ts';
import { cookieOf } from './setup/cookie-of.ts';
import { type OpenSystem, openSystem } from './setup/open-system.ts';
import { openRecordingModel, type RecordingModel } from './setup/record-model.ts';
import { runScript } from './setup/run-script.ts';

let system: OpenSystem;
let model: RecordingModel;
/** The output of the commands, which operators keep as a log. */
const said: string[] = [];

test.beforeAll(async () => {
  model = await openRecordingModel(orderId);
  system = await openSystem({ filled: false, env: { LOG_LEVEL: 'debug' } });
  plantCanaries(system.env.VOLUME_ROOT ?? '', new Date());
  const agent = { OPENAI_MODEL: 'recorder', OPENAI_BASE_URL: model.url };
  for (const [script, more] of [
    ['pipeline.ts', {}],
    ['recommend.ts', agent],
    ['sync.ts', {}],
  ] as const)
    said.push(...(await runScript(script, ['--once'], { ...system.env, ...more })));
  said.push(...(await runScript('status.ts', [], system.env)));
});
test.afterAll(async () => {
  await system.close();
  await model.close();
});

const pages = [
  '/refunds?status=all',
  `/refunds/${orderId}?status=all`,
  '/decisions',
  `/decisions?order=${orderId}`,
  '/settings',
  '/settings/people',
];
const apis = [
  '/api/summary',
  '/api/recommendations?include_zero=true&limit=200',
  `/api/recommendations?search=${orderId}&include_zero=true`,
  `/api/orders/${orderId}/events?include_pings=true`,
  `/api/orders/${orderId}/decisions`,
  '/api/decisions',
  '/api/decisions/export',
  '/api/brands',
  '/readyz',
  '/healthz',
];

test('personal data of a customer reaches only people who need it', async () => {
  const reviewer = await cookieOf(system, 'reviewer');
  const decided = await fetch(`${system.url}/api/refunds`, {
    method: 'POST',
    headers: { cookie: reviewer, origin: system.url, 'content-type': 'application/json' },
    body: JSON.stringify({
      order_id: orderId,
      refund_class: 'none',
      amount_usd: 0,
      reason: 'Seen',
      reason_code: 'other',
    }),
  });
  expect([decided.status, (await decided.text()).match(canaries)]).toEqual([201, null]);
  for (const cookie of [await cookieOf(system, 'viewer'), reviewer, await cookieOf(system, 'admin')])
    for (const [path, headers] of [
      ...[...pages, ...apis].map((each) => [each, {}] as const),
      ...pages.map((each) => [each, { rsc: '1' }] as const),
    ]) {
      const answer = await fetch(`${system.url}${path}`, { headers: { cookie, ...headers } });
      const text = await answer.text();
      expect.soft([path, text.match(canaries)]).toEqual([path, null]);
      if (path.includes(orderId))
        expect.soft([path, answer.status, text.includes(orderId)]).toEqual([path, 200, true]);
    }
});

test('a reviewer gets the address on request, and the audit records the request without the address', async () => {
  const path = `${system.url}/api/orders/${orderId}/destination`;
  const refused = await fetch(path, { headers: { cookie: await cookieOf(system, 'viewer') } });
  expect([refused.status, (await refused.text()).match(canaries)]).toEqual([403, null]);
  const revealed = await fetch(path, { headers: { cookie: await cookieOf(system, 'reviewer') } });
  expect(await revealed.json()).toMatchObject({
    address: expect.stringMatching(canaries),
    lat: 45.523114159,
  });
});

test('no model gets it', () => {
  expect(model.prompts.length).toBeGreaterThanOrEqual(2);
  expect(model.prompts.join('\n')).toContain(orderId);
  expect(model.prompts.join('\n')).toContain('Soup of the day');
  expect(model.prompts.filter((prompt) => canaries.test(prompt))).toEqual([]);
});

test('only the tables of received events, drives and places contain it, and no log does', async () => {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname in ('lakeflow', 'recommender', 'refunds', 'auth', 'migrations')`,
  );
  const holding: string[] = [];
  for (const { name } of tables) {
    const { rowCount } = await client.query(`select from ${name} as held where held::text ~* $1 limit 1`, [
      canaries.source,
    ]);
    if (rowCount) holding.push(name);
  }
  const { rowCount: named } = await client.query(
    `select from recommender.pg_orders as held where held::text ~* 'Canarystrasse|Kanarienstadt|Kanaria|867.?5309'`,
  );
  const { rows: kept } = await client.query(
    `select action, count(*)::integer as n from auth.audit_log where subject = $1 group by action order by action`,
    [orderId],
  );
  await client.end();
  expect(kept).toContainEqual({ action: 'reveal', n: 1 });
  // The coordinates of a drive are in its events; a name, a telephone or an address is not.
  const places = ['lakeflow.silver_customer_places', 'recommender.pg_order_places', 'recommender.pg_orders'];
  expect(holding.filter((name) => !/\.(all_events|quarantined_records)/.test(name)).sort()).toEqual(places);
  expect(named).toBe(0);
  expect(holding.join()).toMatch(/all_events.*quarantined_records|quarantined_records.*all_events/);
  await fetch(`${system.url}/api/recommendations?search=Kanaria+Vogelsang`);
  await fetch(`${system.url}/refunds?search=867+5309`);
  expect(said.length).toBeGreaterThan(3);
  expect(system.said.some((line) => line.includes('"level":30'))).toBe(true);
  expect([...said, ...system.said].filter((line) => canaries.test(line))).toEqual([]);
});
