import { z } from 'zod';
import { camelKeys, flagText, numberText } from './codec.ts';
import { amountText } from './decide-refund.ts';
import { recommendationSources, refundClasses } from './refund.ts';

/** What a row can be filtered by: a suggested class, or that the scorer gave no answer. */
export const queueClasses = [...refundClasses, 'unanswered'] as const;
export type QueueClass = (typeof queueClasses)[number];

/** `pending` is all that is open, `decided` all that is settled; the others are single statuses. */
export const queueStatuses = [
  'pending',
  'decided',
  'all',
  'queued',
  'claimed',
  'pending_approval',
  'snoozed',
  'escalated',
  'reversed',
] as const;

export const queueSorts = ['newest', 'oldest', 'amount', 'lateness'] as const;
export type QueueSort = (typeof queueSorts)[number];

const printable = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'holds characters that cannot be searched for');
const minutes = z.number().min(0).max(10_000_000);

/**
 * The filters of the queue, by the name that each has in the console's address and in the API; in the code it is the
 * same in camel case. A new one also needs its control (app/(console)/refunds/_queue) and its condition in SQL
 * (lib/refunds, queue-filters.ts).
 */
export const queueFilters = {
  status: z.enum(queueStatuses),
  /** The suggested class. */
  refund_class: z.enum(queueClasses),
  location: printable,
  /** Whether orders that need no refund are listed; those without an answer always are. */
  include_zero: flagText,
  source: z.enum(recommendationSources),
  /** The id of a brand that an item of the order has. */
  brand: numberText(z.int().min(0).max(2_147_483_647)),
  /** The suggested refund in dollars. */
  min_usd: amountText,
  max_usd: amountText,
  /** From created to delivered. */
  min_minutes: numberText(minutes),
  /** Minutes since the delivery. */
  older_than_minutes: numberText(minutes.int()),
  /** An e-mail address, or `none`. */
  assignee: printable,
  /** The beginning of an order's id. */
  search: printable,
};

/** The query of GET /api/recommendations; pages go by `cursor`, and the first 100,000 rows also by `offset`. */
export const queueQuerySchema = camelKeys(
  z
    .object(queueFilters)
    .partial()
    .extend({
      status: queueFilters.status.default('all'),
      include_zero: queueFilters.include_zero.default(false),
      sort: z.enum(queueSorts).default('newest'),
      /** Opaque: `next_cursor` of the page before. */
      cursor: z.string().max(1000).optional(),
      /** Rows to pass over, for programs that count pages; slower the further it goes. */
      offset: numberText(
        z.int().min(0).max(100_000, 'Far pages go by next_cursor: pass it as cursor instead of an offset.'),
      ).optional(),
      limit: numberText(z.int().min(1).max(200)).default(50),
    })
    .refine(({ cursor, offset = 0 }) => cursor === undefined || offset === 0, {
      path: ['offset'],
      message: 'Give a cursor or an offset, not both.',
    }),
);
export type QueueQuery = z.output<typeof queueQuerySchema>;
export type QueueFilter = Omit<QueueQuery, 'sort' | 'cursor' | 'offset' | 'limit'>;
