import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createTestDatabase } from '#db/testing.ts';
import { commandEnvironment } from '#lib/command-environment.testing.ts';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';
import { findDifferences } from '#lib/sync/recommendations.testing.ts';

const events = referenceData('real-orders/events');
const run = promisify(execFile);

test('a week of real orders is scored and synced, each once', async (context) => {
  skipWithout(context, events);
  const database = await createTestDatabase();
  const call = async (script: string, ...rest: string[]) => {
    const env = commandEnvironment({ DATABASE_URL: database.url });
    const { stdout } = await run(process.execPath, [`scripts/${script}.ts`, '--once', ...rest], { env });
    return JSON.parse(stdout);
  };
  await call('pipeline', '--volume', events);
  await database.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
  expect(await call('recommend')).toMatchObject({
    orders: 4141,
    added: 4141,
    byClass: { none: 3002, partial: 1139, full: 0 },
  });
  expect(await call('sync')).toMatchObject({ read: 4141, written: 4141 });
  expect(await findDifferences(database)).toEqual([]);

  const disagreeing = await database.pool.query(`
    -- recomputed from silver, order by order: the class that the percentiles of Postgres give
    select given.order_id
    from recommender.pg_recommendations as given
    cross join lateral (
      select percentile_cont(0.75) within group (order by delivery_minutes) as p75
      from lakeflow.silver_deliveries as other
      where other.location = given.location
        and other.delivered_ts > given.delivered_ts - interval '24 hours'
        and other.delivered_ts <= given.delivered_ts
      having count(*) >= 30
    ) as day
    where (given.delivery_minutes <= day.p75) <> (given.refund_class = 'none')
      or given.evidence ->> 'benchmark_source' <> 'trailing_day'`);
  expect(disagreeing.rows).toEqual([]);
  await database.close();
});
