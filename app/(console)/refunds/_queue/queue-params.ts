import {
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs';
import { queueClasses, queueSorts, queueStatuses } from '#lib/contract/queue.ts';
import { recommendationSources } from '#lib/contract/refund.ts';
import { parseUsd } from '#lib/money.ts';

export const PAGE_SIZE = 25;
/** So many pages back can be returned to one by one; it bounds the length of the address. */
export const TRAIL_LENGTH = 20;

const asClass = parseAsStringLiteral(queueClasses);
const asSort = parseAsStringLiteral(queueSorts);
/** Dollars as they are typed, "4.50"; anything else is no filter. */
const asUsd = createParser({
  parse: (text) => (parseUsd(text) === undefined ? null : text),
  serialize: String,
});
const asPage = createParser({
  parse: (text) => Math.max(parseAsInteger.parse(text) ?? 1, 1),
  serialize: String,
});

/** The queue's state in the address: filters, order, and the cursors of the pages that led to this one. */
export const queueParsers = {
  status: parseAsStringLiteral(queueStatuses).withDefault('pending'),
  class: asClass,
  location: parseAsString,
  nonzero: parseAsBoolean.withDefault(false),
  find: parseAsString,
  source: parseAsStringLiteral(recommendationSources),
  brand: parseAsInteger,
  min: asUsd,
  max: asUsd,
  minutes: parseAsInteger,
  older: parseAsInteger,
  who: parseAsString,
  sort: asSort.withDefault('newest'),
  page: asPage.withDefault(1),
  after: parseAsArrayOf(parseAsString, '~').withDefault([]),
};

/** The filters beside status, order and page. */
export const filterNames = [
  'class',
  'location',
  'nonzero',
  'find',
  'source',
  'brand',
  'min',
  'max',
  'minutes',
  'older',
  'who',
] as const;

/** A class of the address or of a control; anything else is no filter. */
export const parseClass = (value: string) => asClass.parse(value);
/** A sort of the address or of a control; anything else is the default one. */
export const parseSort = (value: string) => asSort.parse(value) ?? 'newest';
