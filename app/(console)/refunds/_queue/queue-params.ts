import {
  createParser,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from 'nuqs';
import { queueClasses, queueSorts, queueStatuses } from '#lib/refunds/types.ts';

export const PAGE_SIZE = 25;
/** So many pages back can be returned to one by one; it bounds the length of the address. */
export const TRAIL_LENGTH = 20;

const asClass = parseAsStringLiteral(queueClasses);
const asSort = parseAsStringLiteral(queueSorts);
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
  sort: asSort.withDefault('newest'),
  page: asPage.withDefault(1),
  after: parseAsArrayOf(parseAsString, '~').withDefault([]),
};

/** A class of the address or of a control; anything else is no filter. */
export const parseClass = (value: string) => asClass.parse(value);
/** A sort of the address or of a control; anything else is the default one. */
export const parseSort = (value: string) => asSort.parse(value) ?? 'newest';
