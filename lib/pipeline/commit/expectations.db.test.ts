import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { ExpectationFailedError } from '#lib/errors.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '../lakehouse.testing.ts';
import { readActions } from './expectations.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const created = (event_id: string, order_id = event_id, price = 5) =>
  JSON.stringify({
    event_id,
    event_type: 'order_created',
    ts: '2026-10-01 12:00:00',
    order_id,
    location: 'sf',
    sequence: 0,
    body: { items: [{ id: 1, brand_id: 2, price, qty: 1 }] },
  });
const kept = () =>
  readRows(
    db.pool,
    `select (select count(*) from lakeflow.all_events) as events,
      (select sum(brand_revenue)::text from lakeflow.gold_brand_sales_day) as revenue,
      (select count(*) from lakeflow.quarantined_records) as quarantined,
      (select count(*) from lakeflow.expectation_results) > 0 as counted,
      (select count(*) from lakeflow.ingested_files) as files,
      (select batch_id from lakeflow.checkpoints where name = 'pipeline') as batch`,
  );
const good = { events: '1', revenue: '5.00', quarantined: '0', counted: true, files: '1', batch: '1' };

test('a rule that fails rolls back the whole batch and stops the run, with its name', async () => {
  const rule = 'silver_order_items.one_created_per_order';
  const volume = await createVolume({
    '1.json': created('a'),
    '2.json': created('b', 'a'),
    '3.json': created('c'),
  });
  const run = (texts: string[]) => drain(db, volume, { maxFiles: 1, actions: readActions(texts) });
  const failure = await run([`${rule}=fail`]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ExpectationFailedError);
  expect(failure).toMatchObject({
    message: expect.stringMatching(/^Batch 2 breaks the rule .*one_created_per_order: 1 of 1 /),
  });
  expect(await kept()).toEqual([good]);
  expect(
    await readRows(
      db.pool,
      `select level, message from lakeflow.pipeline_events where event_type = 'run_failed'`,
    ),
  ).toMatchObject([{ level: 'error', message: expect.stringContaining(rule) }]);
  expect(await run([`${rule}=warn`])).toMatchObject({ files: 2, events: 2 });
  expect(
    await readRows(
      db.pool,
      `select batch_id, action, passed, failed from lakeflow.expectation_results
       where expectation = 'one_created_per_order'`,
    ),
  ).toEqual([
    { batch_id: '1', action: 'fail', passed: '1', failed: '0' },
    { batch_id: '2', action: 'warn', passed: '0', failed: '1' },
    { batch_id: '3', action: 'warn', passed: '1', failed: '0' },
  ]);
});

test('a rule of ingestion drops the record, or fails the batch if so configured', async () => {
  const volume = await createVolume({
    '1.json': created('a'),
    '2.json': `${created('b')}\n${created('c', 'c', -1)}`,
  });
  for (const rule of ['all_events.bad_price=fail', 'all_events.valid_record=fail'])
    await expect(drain(db, volume, { maxFiles: 1, actions: readActions([rule]) })).rejects.toThrow(
      `Batch 2 breaks the rule ${rule.split('=')[0]}: 1 of 2 do not meet it.`,
    );
  expect(await kept()).toEqual([good]);
  expect(await drain(db, volume, { actions: readActions(['all_events.bad_price=drop']) })).toMatchObject({
    events: 1,
    quarantined: 1,
  });
});

test('unknown fields are counted for every batch, by name', async () => {
  const drifted = (id: string, fields: string) => created(id).replace('{', `{${fields},`);
  const many = Array.from({ length: 60 }, (_, n) => `"new_${n}":${n}`).join(',');
  const volume = await createVolume({
    '1.json': [
      created('a'),
      drifted('b', '"weight":1,"weight":2,"__proto__":3'),
      drifted('c', '"weight":null'),
    ].join('\n'),
    '2.json': [drifted('c', '"weight":null'), drifted('d', '"weight":1').replace('"qty":1', '"qty":0')].join(
      '\n',
    ),
    '3.json': created('e'),
    '4.json': drifted('f', many),
  });
  await drain(db, volume, { maxFiles: 1 });
  const results = `select batch_id, action, passed, failed from lakeflow.expectation_results where expectation = 'known_fields'`;
  expect(await readRows(db.pool, results)).toEqual([
    { batch_id: '1', action: 'warn', passed: '1', failed: '2' },
    { batch_id: '2', action: 'warn', passed: '0', failed: '1' },
    { batch_id: '3', action: 'warn', passed: '1', failed: '0' },
    { batch_id: '4', action: 'warn', passed: '0', failed: '1' },
  ]);
  const { rows } = await db.pool.query<{ message: string; names: object }>(
    `select message, details #> '{flow_progress,data_quality,unknown_fields}' as names
     from lakeflow.pipeline_events where event_type = 'batch_committed' order by id`,
  );
  const [first, second, third, fourth] = rows;
  expect(first?.message).toMatch(/ Unknown fields: "weight" in 2, "__proto__" in 1\.$/);
  expect(Object.entries(first?.names ?? {})).toEqual(
    expect.arrayContaining([
      ['weight', 2],
      ['__proto__', 1],
    ]),
  );
  expect([second?.names, third?.names]).toEqual([{ weight: 1 }, {}]);
  expect(Object.keys(fourth?.names ?? {})).toHaveLength(50);
});

test('an order without lines fails the batch; unknown brands and other prices than the menu are counted', async () => {
  await db.pool.query(`
    insert into simulator.brands (brand_id, name, cuisine_type, avg_prep_time_min) values (2, 'Two', 'soup', 10);
    insert into simulator.menus (id, brand_id, name) values (1, 2, 'Menu');
    insert into simulator.categories (id, menu_id, brand_id, name) values (1, 1, 2, 'Soups');
    insert into simulator.items (id, category_id, menu_id, brand_id, name, price) values (1, 1, 1, 2, 'Soup', 5)`);
  const other = created('c').replace('"brand_id":2', '"brand_id":77').replace('"id":1', '"id":99');
  const volume = await createVolume({ '1.json': `${created('a')}\n${created('b', 'b', 6)}\n${other}` });
  await drain(db, volume);
  const results = (name: string) =>
    readRows(
      db.pool,
      `select action, passed, failed from lakeflow.expectation_results where expectation = '${name}'`,
    );
  expect(await results('known_brand')).toEqual([{ action: 'warn', passed: '2', failed: '1' }]);
  expect(await results('catalogue_price')).toEqual([{ action: 'warn', passed: '2', failed: '1' }]);
  expect(await results('created_orders_have_lines')).toEqual([{ action: 'fail', passed: '3', failed: '0' }]);
  await db.pool.query(`
    create function lose_lines() returns trigger language plpgsql as $$
    begin delete from pg_temp.added_order_items where order_id = 'lost'; return null; end $$;
    create trigger lose_lines after insert on lakeflow.silver_orders
    for each statement execute function lose_lines()`);
  const lost = drain(db, await createVolume({ '2.json': created('lost') }));
  await expect(lost).rejects.toThrow('silver_order_items.created_orders_have_lines: 1 of 1 do not meet it.');
  await db.pool.query('drop function lose_lines cascade');
  expect(
    await readRows(db.pool, `select batch_id from lakeflow.checkpoints where name = 'pipeline'`),
  ).toEqual([{ batch_id: '1' }]);
});

test.each([
  ['nothing', 'There is no rule "nothing". Choose one of all_events.unique_event_id, '],
  ['all_events.unique_event_id=drop', 'all_events.unique_event_id can be warn or fail, not "drop".'],
  ['all_events.bad_price=warn', 'all_events.bad_price can be drop or fail, not "warn".'],
  ['all_events.bad_price', 'all_events.bad_price can be drop or fail, not "".'],
])('--expect %s is refused', (text, message) => {
  expect(() => readActions([text])).toThrow(message);
});
