import { createLoader, createSerializer } from 'nuqs/server';
import { expect, test } from 'vitest';
import { queueFilters } from '#lib/contract/queue.ts';
import { parsersOf, urlKeysOf } from './filter-parsers.ts';

const parsers = parsersOf(queueFilters);
const urlKeys = urlKeysOf(queueFilters);
const load = createLoader(parsers, { urlKeys });
const write = createSerializer(parsers, { urlKeys });

test('a filter has the name of the API in the address, and comes back from there', () => {
  const view = { refundClass: 'partial', includeZero: false, minUsd: '4.50', olderThanMinutes: 90 } as const;
  const address = write(view);
  expect(address).toBe('?refund_class=partial&include_zero=false&min_usd=4.50&older_than_minutes=90');
  expect(load(address)).toMatchObject(view);
});

test.each(['refund_class=x', 'min_usd=-1', 'min_usd=1e3', 'older_than_minutes=1.5', 'brand=', 'search='])(
  '%s is no filter',
  (address) => {
    expect(Object.values(load(`?${address}`)).filter((value) => value !== null)).toEqual([]);
  },
);
