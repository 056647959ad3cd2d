import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { getPhaseTimings } from './get-timings.ts';

let database: TestDatabase;
const until = new Date('2026-11-20T12:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase();
  // Four orders whose cooking takes 10, 20, 30 and 40 minutes; the last was delivered more than a day before.
  await database.pool.query(`
    with cooking (order_id, minutes, delivered) as (
      values ('a', 10, '2026-11-20 11:00+00'::timestamptz), ('b', 20, '2026-11-20 12:00+00'),
        ('c', 30, '2026-11-19 12:30+00'), ('old', 40, '2026-11-19 12:00+00')
    ),
    delivery as (
      insert into lakeflow.silver_deliveries
        (order_id, location, created_ts, delivered_ts, delivery_minutes, batch_id)
      select order_id, 'sf', delivered - interval '1 hour', delivered, 60, 1 from cooking
    )
    insert into lakeflow.all_events
      (event_id, event_type, ts, order_id, sequence, body, source_file, source_line, ingested_at, batch_id)
    select order_id || type, type, delivered - interval '1 hour' + make_interval(mins => at * minutes), order_id,
      at, '{}', 'f', 1, now(), 1
    from cooking
    cross join (values ('gk_started', 0), ('gk_finished', 1)) as event (type, at)`);
});
afterAll(() => database.close());

test('a phase has the quartiles of the deliveries of the day that report both of its ends', async () => {
  const timings = await getPhaseTimings(database, 'sf', until);
  expect(timings).toEqual({ cooking: { deliveries: 3, p50: 20, p75: 25 } });
});

test('a location or a day without deliveries has none', async () => {
  expect(await getPhaseTimings(database, 'nowhere', until)).toEqual({});
  expect(await getPhaseTimings(database, 'sf', new Date('2026-11-10'))).toEqual({});
});
