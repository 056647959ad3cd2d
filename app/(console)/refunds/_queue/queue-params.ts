import { createParser, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import { z } from 'zod';
import { type CamelCase, camelCase } from '#lib/contract/codec.ts';
import { queueClasses, queueFilters, queueSorts } from '#lib/contract/queue.ts';

export const PAGE_SIZE = 25;
/** So many pages back can be returned to one by one; it bounds the length of the address. */
export const TRAIL_LENGTH = 20;

const asClass = parseAsStringLiteral(queueClasses);
const asSort = parseAsStringLiteral(queueSorts);
const asPage = createParser({
  parse: (text) => Math.max(parseAsInteger.parse(text) ?? 1, 1),
  serialize: String,
});

type Filters = {
  [Name in keyof typeof queueFilters as CamelCase<Name>]: z.output<(typeof queueFilters)[Name]>;
};
type FilterParsers = { [Name in keyof Filters]: ReturnType<typeof parserOf<Filters[Name]>> };

/** A filter of the API as a part of the address; what the API would refuse is no filter. */
function parserOf<Value>(filter: z.ZodType<Value, string>) {
  return createParser<NonNullable<Value>>({
    parse: (text) => filter.safeParse(text).data ?? null,
    serialize: (value) => z.encode(filter, value),
  });
}

const filterParsers = Object.fromEntries<unknown>(
  Object.entries(queueFilters).map(([name, filter]) => [camelCase(name), parserOf<unknown>(filter)]),
) as FilterParsers;

/** The queue's state in the address: filters, order, and the cursors of the pages that led to this one. */
export const queueParsers = {
  ...filterParsers,
  status: filterParsers.status.withDefault('pending'),
  includeZero: filterParsers.includeZero.withDefault(true),
  sort: asSort.withDefault('newest'),
  page: asPage.withDefault(1),
  cursors: parseAsArrayOf(parseAsString, '~').withDefault([]),
};

/** In the address a filter has the name that it has in the API. */
export const queueUrlKeys = {
  ...Object.fromEntries(Object.keys(queueFilters).map((name) => [camelCase(name), name])),
  cursors: 'cursor',
};

/** The filters beside status, order and page. */
export const filterNames = (Object.keys(filterParsers) as (keyof Filters)[]).filter(
  (name) => name !== 'status',
);

/** A class of the address or of a control; anything else is no filter. */
export const parseClass = (value: string) => asClass.parse(value);
/** A sort of the address or of a control; anything else is the default one. */
export const parseSort = (value: string) => asSort.parse(value) ?? 'newest';
