import { expect, test } from 'vitest';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { asRows, mergeRows } from './use-queue-data.ts';

const item = (orderId: string, deliveryMinutes = 30) => ({ orderId, deliveryMinutes }) as QueueItem;
const items = (ids: string) => [...ids].map((id) => item(id));
const idsOf = (rows: { item: QueueItem }[]) => rows.map((row) => row.item.orderId).join('');
const leftOf = (rows: { item: QueueItem; left: boolean }[]) => idsOf(rows.filter((row) => row.left));

test('new orders are counted, not inserted', () => {
  const { rows, arrived } = mergeRows(asRows(items('abcd')), items('xyab'), 4);
  expect(idsOf(rows)).toBe('abcd');
  expect(arrived).toBe(2);
  expect(leftOf(rows)).toBe('');
});

test('an order that left the filters keeps its place and is marked', () => {
  const { rows, arrived } = mergeRows(asRows(items('abcd')), items('acde'), 4);
  expect(idsOf(rows)).toBe('abcd');
  expect(leftOf(rows)).toBe('b');
  expect(arrived).toBe(0);
});

test('a known order is refreshed in place', () => {
  const { rows } = mergeRows(asRows(items('ab')), [item('a', 31), item('b', 30)], 4);
  expect(rows[0]?.item.deliveryMinutes).toBe(31);
});

test('a page that was not full counts new orders at its end', () => {
  expect(mergeRows(asRows(items('ab')), items('abc'), 4).arrived).toBe(1);
});

test('where nothing is shown, what is there is shown', () => {
  expect(mergeRows([], items('ab'), 4)).toEqual({ rows: asRows(items('ab')), arrived: 0 });
});

test('a whole page of new orders leaves the shown rows as they are', () => {
  const { rows, arrived } = mergeRows(asRows(items('ab')), items('wxyz'), 4);
  expect([idsOf(rows), leftOf(rows), arrived]).toEqual(['ab', '', 4]);
});
