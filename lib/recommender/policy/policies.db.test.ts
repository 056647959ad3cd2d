import { afterAll, beforeEach, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { read, recommend, withoutHistory } from '../recommend.testing.ts';
import { activatePolicy, policyV1, readRules } from './policies.testing.ts';
import { addPolicy, getPolicy, listPolicies } from './policies.ts';

let database: TestDatabase;
beforeEach(async () => {
  await database?.close();
  database = await createTestDatabase();
});
afterAll(() => database.close());

const now = new Date('2026-11-20T12:00:00Z');

test('v1 and v2 are stored as their files say, and v1 is the active one', async () => {
  const policies = await listPolicies(database);
  expect(policies.map(({ version, isActive }) => [version, isActive])).toEqual([
    ['v2', false],
    ['v1', true],
  ]);
  expect(policies.map(({ rules }) => rules)).toEqual([readRules('v2'), readRules('v1')]);
  expect(await getPolicy(database.pool)).toEqual(policyV1);
});

test('the rules of a version never change', async () => {
  const mine = { ...(readRules('v2') as object), version: 'mine' };
  expect(await addPolicy(database.pool, mine, 'mine.json')).toEqual({ version: 'mine', added: true });
  expect(await addPolicy(database.pool, mine, 'mine.json')).toEqual({ version: 'mine', added: false });
  await expect(addPolicy(database.pool, { ...mine, grace_minutes: 6 }, 'mine.json')).rejects.toThrow(
    'There is a policy mine with other rules',
  );
  await expect(addPolicy(database.pool, { ...mine, tiers: [] }, 'mine.json')).rejects.toThrow(/is invalid/);
  for (const change of [
    `update recommender.policies set rules = rules || '{"grace_minutes": 9}'`,
    'delete from recommender.policy_activations',
    'truncate recommender.policy_activations',
  ])
    await expect(database.pool.query(change)).rejects.toThrow('append-only');
});

test('a new policy scores new orders; existing recommendations stay', async () => {
  await withoutHistory(database);
  const late = { location: 'sf', deliveredTs: '2026-11-20T12:00:00Z', minutes: 48, total: '20.00' };
  await insertDeliveries(database, [{ ...late, orderId: 'before', batchId: 1 }]);
  await recommend(database);
  await activatePolicy(database, 'v2', now);
  await insertDeliveries(database, [{ ...late, orderId: 'after', batchId: 2 }]);
  await recommend(database);
  expect(
    await read(
      database,
      `select order_id, policy_version, refund_usd, evidence ->> 'grace_minutes' as grace, evidence ->> 'promised_minutes' as promised
       from recommender.refund_recommendations order by id`,
    ),
  ).toEqual([
    { order_id: 'before', policy_version: 'v1', refund_usd: '3.00', grace: '0', promised: null },
    { order_id: 'after', policy_version: 'v2', refund_usd: '0.00', grace: '5', promised: '42' },
  ]);
});

test("the promise is that of the order's slowest brand", async () => {
  await withoutHistory(database);
  await activatePolicy(database, 'v2', now);
  await database.pool.query(`
    insert into simulator.brands (brand_id, name, avg_prep_time_min) values (1, 'Quick', 4), (2, 'Deep Dish', 25), (3, 'New', null)`);
  const soon = {
    location: 'sf',
    deliveredTs: '2026-11-20T12:00:00Z',
    minutes: 20,
    total: '20.00',
    batchId: 1,
  };
  await insertDeliveries(database, [
    { ...soon, orderId: 'both' },
    { ...soon, orderId: 'new' },
  ]);
  await database.pool.query(`
    update lakeflow.silver_order_items set brand_id = 3 where order_id = 'new';
    update lakeflow.silver_order_items set brand_id = 1 where order_id = 'both';
    insert into lakeflow.silver_order_items
      (order_id, order_ts, order_day, line_no, brand_id, price, qty, extended_price, batch_id)
    select order_id, order_ts, order_day, 2, 2, 1, 1, 1, 1 from lakeflow.silver_order_items where order_id = 'both'`);
  await recommend(database);
  expect(
    await read(
      database,
      `select order_id, evidence ->> 'promised_minutes' as promised, order_total_usd as total
       from recommender.refund_recommendations order by order_id`,
    ),
  ).toEqual([
    { order_id: 'both', promised: '55', total: '21.00' },
    { order_id: 'new', promised: '42', total: '20.00' },
  ]);
});
