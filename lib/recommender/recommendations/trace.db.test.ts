import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '#db/testing.ts';
import { requestRescore } from '../deferred/defer-orders.ts';
import { insertDeliveries } from '../deliveries.testing.ts';
import { read, recommend, withoutHistory } from '../recommend.testing.ts';
import { formatTrace } from './format-trace.ts';
import { getTrace } from './get-trace.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await withoutHistory(database);
  await insertDeliveries(database, [
    {
      orderId: 'late',
      location: 'sf',
      deliveredTs: '2026-11-20T12:00:00Z',
      minutes: 48,
      total: '24.50',
      batchId: 1,
    },
  ]);
  await recommend(database);
});
afterAll(() => database.close());

test('the trace shows the facts, the rules, how the answer follows and what would have changed it', async () => {
  const trace = await getTrace(database, 'late');
  if (!trace) throw new Error('the order is delivered');
  const text = formatTrace(trace);
  for (const expected of [
    'order late\n  placed 2026-11-20 11:12:00+00, delivered 2026-11-20 12:00:00+00: 48.00 min',
    'policy v1, active now',
    'An order later than 75 %',
    'compared with: service level, n = 1',
    'above 45.00 min: 15 %',
    'answer: partial $3.50. Delivered in 48.0 min;',
    'instead: no refund within 45 min 0 s; $6.00 (25 %) from 75 min 1 s',
    'bounds for an agent: $0.00 to $6.00',
    ': policy, run 0',
    'partial $3.50  by policy v1',
  ])
    expect(text).toContain(expected);
});

test('a rescore with a note keeps both versions, and the trace shows them and the note', async () => {
  const request = { orderId: 'late', note: 'It came cold.', requestedBy: 'ana@example.com' };
  expect(await requestRescore(database, request)).toBe(1);
  const queued = await getTrace(database, 'late');
  expect(queued?.queued).toMatchObject([{ rerun: 1, attempts: 0 }]);
  expect(queued && formatTrace(queued)).toContain('run 1: queued for the agent since');
  await recommend(database);
  const trace = await getTrace(database, 'late');
  expect(trace?.stored.map(({ rerun, note }) => [rerun, note])).toEqual([
    [0, null],
    [1, 'It came cold.'],
  ]);
  expect(trace && formatTrace(trace)).toContain('note of ana@example.com: It came cold.');
  expect(await read(database, 'select from recommender.deferred_orders')).toEqual([]);
});

test('an order that is not delivered has no trace, and without a recommendation there is no rescore', async () => {
  expect(await getTrace(database, 'unknown')).toBeUndefined();
  const request = { orderId: 'unknown', note: 'x', requestedBy: 'y' };
  await expect(requestRescore(database, request)).rejects.toThrow('Order unknown has no recommendation yet.');
});
