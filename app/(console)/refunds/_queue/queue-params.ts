import { createParser, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs';
import { parsersOf, urlKeysOf } from '#app/_data/filter-parsers.ts';
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
const filterParsers = parsersOf(queueFilters);

/** The queue's state in the address: filters, order, and the cursors of the pages that led to this one. */
export const queueParsers = {
  ...filterParsers,
  status: filterParsers.status.withDefault('pending'),
  includeZero: filterParsers.includeZero.withDefault(true),
  sort: asSort.withDefault('newest'),
  page: asPage.withDefault(1),
  cursors: parseAsArrayOf(parseAsString, '~').withDefault([]),
};
export const queueUrlKeys = { ...urlKeysOf(queueFilters), cursors: 'cursor' };

/** The filters beside status, order and page. */
export const filterNames = (Object.keys(filterParsers) as (keyof typeof filterParsers)[]).filter(
  (name) => name !== 'status',
);

/** A class of the address or of a control; anything else is no filter. */
export const parseClass = (value: string) => asClass.parse(value);
/** A sort of the address or of a control; anything else is the default one. */
export const parseSort = (value: string) => asSort.parse(value) ?? 'newest';
