import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { getDeliveryDashboard } from '#lib/dashboards/index.ts';
import { createVolume, drain, emptyLakehouse, readRows } from '#lib/pipeline/lakehouse.testing.ts';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterEach(() => emptyLakehouse(db.pool));
afterAll(() => db.close());

const line = (order: string, event_type: string, ts: string, location: string | null = 'sf') =>
  JSON.stringify({
    event_id: `${order}-${event_type}-${ts}`,
    ...{ event_type, ts: `2026-10-${ts}`, order_id: order, sequence: 0, location },
    body: event_type === 'order_created' ? { items: [{ price: 5, qty: 1 }] } : {},
  });

/** An order in UTC minutes of 12:00 on a day; what is left out never happened. */
function order(
  id: string,
  { day = '02', location = 'sf', ...minutes }: { day?: string; location?: string | null } & Times,
): string[] {
  const names = {
    created: 'order_created',
    ready: 'gk_ready',
    pickedUp: 'driver_picked_up',
    delivered: 'delivered',
  };
  return Object.entries(names).flatMap(([key, type]) => {
    const minute = minutes[key as keyof Times];
    return minute === undefined
      ? []
      : line(id, type, `${day} 12:${String(minute).padStart(2, '0')}:00`, location);
  });
}
type Times = { created?: number; ready?: number; pickedUp?: number; delivered?: number };

const ingest = async (...batches: string[][]) =>
  drain(
    db,
    await createVolume(
      Object.fromEntries(batches.map((lines, at) => [`${at}-${lines.length}.json`, lines.join('\n')])),
    ),
    { maxFiles: 1 },
  );

test('an order counts in every phase of which both ends are known and in order', async () => {
  await ingest(
    order('whole', { created: 0, ready: 10, pickedUp: 14, delivered: 30 }),
    order('never-ready', { created: 0, pickedUp: 14, delivered: 20 }),
    order('picked-up-too-early', { created: 0, ready: 20, pickedUp: 14, delivered: 24 }),
    order('nowhere', { created: 0, delivered: 9, location: null }),
    order('on-the-way', { created: 0, ready: 5, pickedUp: 6 }),
  );
  const { hours, distribution, totals } = await getDeliveryDashboard(db, { location: 'sf' });
  expect(hours).toEqual([
    {
      ...{ hourTs: '2026-10-02T12:00:00.000Z', location: 'sf', deliveries: 3, p50: 24, p75: 27, p99: 29.88 },
      ...{ kitchenDeliveries: 2, kitchenP50: 15, handoverDeliveries: 1, handoverP50: 4 },
      ...{ driveDeliveries: 3, driveP50: 10 },
    },
  ]);
  expect(distribution).toEqual([
    { minute: 20, deliveries: 1 },
    { minute: 24, deliveries: 1 },
    { minute: 30, deliveries: 1 },
  ]);
  expect(totals).toMatchObject({ deliveries: 3, p50: 24.5 });
  const everywhere = await getDeliveryDashboard(db, {});
  expect(everywhere.totals.deliveries).toBe(4);
  expect(everywhere.hours.find(({ location }) => location === null)).toMatchObject({
    ...{ deliveries: 1, kitchenDeliveries: 0, kitchenP50: null, driveP50: null },
  });
});

test('events that come late or earlier than those that counted restate the hour, and no other', async () => {
  await ingest(
    order('a', { created: 10, ready: 20, pickedUp: 25, delivered: 40 }),
    order('b', { created: 0, delivered: 30, day: '01' }),
    [line('a', 'gk_ready', '02 12:15:00')],
    [line('b', 'driver_picked_up', '01 12:20:00')],
    [line('a', 'delivered', '02 11:58:00'), line('a', 'order_created', '02 11:00:00', 'oakland')],
  );
  const { hours, distribution } = await getDeliveryDashboard(db, {});
  expect(hours).toMatchObject([
    { hourTs: '2026-10-01T12:00:00.000Z', location: 'sf', deliveries: 1, driveDeliveries: 1, driveP50: 10 },
    {
      ...{ hourTs: '2026-10-02T11:00:00.000Z', location: 'oakland', deliveries: 1, p50: 58 },
      ...{ kitchenP50: 75, handoverP50: 10, driveDeliveries: 0, driveP50: null },
    },
  ]);
  expect(distribution).toEqual([
    { minute: 30, deliveries: 1 },
    { minute: 58, deliveries: 1 },
  ]);
});

test('a range has the period before, and what is not known is null instead of zero', async () => {
  const nothing = { deliveries: 0, p50: null, p75: null, p99: null };
  const unknown = { ...nothing, deliveries: null };
  expect(await getDeliveryDashboard(db, {})).toMatchObject({ from: null, to: null, totals: unknown });
  const asked = { from: '2026-10-04', to: '2026-10-05' };
  expect(await getDeliveryDashboard(db, asked)).toMatchObject({ ...asked, totals: unknown, before: unknown });
  await ingest(
    order('now', { created: 0, delivered: 30, day: '09' }),
    order('last-week', { created: 0, delivered: 20, day: '02' }),
  );
  expect(await getDeliveryDashboard(db, {})).toMatchObject({
    ...{ from: '2026-10-03', to: '2026-10-09' },
    ...{ totals: { deliveries: 1, p50: 30.5 }, before: { deliveries: 1, p50: 20.5 } },
  });
  expect(await getDeliveryDashboard(db, { from: '2026-10-05', to: '2026-10-06' })).toMatchObject({
    ...{ totals: nothing, before: nothing, hours: [], distribution: [] },
  });
});

test('the real week: every delivery of the expected file, and percentiles within a minute of theirs', async (context) => {
  const folder = referenceData('real-orders');
  skipWithout(context, folder);
  const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as {
    delivered: number;
    order_minutes: Record<string, number>;
  };
  await drain(db, join(folder, 'events'));
  const [days] = await readRows(
    db.pool,
    `select min(delivered_ts)::date as first, max(delivered_ts)::date as last from lakeflow.silver_deliveries`,
  );
  const dashboard = await getDeliveryDashboard(db, { from: String(days?.first), to: String(days?.last) });
  expect(dashboard.totals.deliveries).toBe(expected.delivered);
  const minutes = Object.values(expected.order_minutes).sort((a, b) => a - b);
  expect(minutes).toHaveLength(expected.delivered);
  const byMinute = Map.groupBy(minutes, (value) => Math.floor(value));
  const counted = new Map(dashboard.distribution.map((row) => [row.minute, row.deliveries]));
  for (const [part, about] of [
    [0.5, dashboard.totals.p50],
    [0.75, dashboard.totals.p75],
    [0.99, dashboard.totals.p99],
  ] as const) {
    // As percentile_cont defines it.
    const place = part * (minutes.length - 1);
    const [lower = 0, upper = 0] = [minutes[Math.floor(place)], minutes[Math.ceil(place)]];
    const exact = lower + (upper - lower) * (place % 1);
    expect(Math.abs((about ?? Number.NaN) - exact)).toBeLessThan(1);
  }
  expect([...counted.values()].reduce((sum, count) => sum + count, 0)).toBe(minutes.length);
  expect(Math.max(...counted.keys())).toBe(Math.max(...byMinute.keys()));
});
