import { z } from 'zod';
import { parseUsd, toDecimal } from '#lib/money.ts';
import { amountText, decideRefundSchema } from './decide-refund.ts';
import { queueClasses, queueSorts, queueStatuses } from './queue.ts';
import { recommendationSources } from './refund.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const printable = z
  .string()
  .min(1)
  .max(100)
  .regex(/^\P{Cc}*$/u, 'holds characters that cannot be searched for');
const minutes = z.coerce.number().min(0).max(10_000_000);
const cents = amountText.transform((text) => parseUsd(text) ?? 0);

/** The query of GET /api/recommendations; pages go by `cursor`, and the first 100,000 rows also by `offset`. */
export const queueQuerySchema = z
  .object({
    status: z.enum(queueStatuses).default('all'),
    refund_class: z.enum(queueClasses).optional(),
    location: printable.optional(),
    include_zero: flag.default(false),
    source: z.enum(recommendationSources).optional(),
    brand: z.coerce.number().int().min(0).max(2_147_483_647).optional(),
    min_usd: cents.optional(),
    max_usd: cents.optional(),
    min_minutes: minutes.optional(),
    older_than_minutes: minutes.int().optional(),
    assignee: printable.optional(),
    search: printable.optional(),
    sort: z.enum(queueSorts).default('newest'),
    cursor: z.string().max(1000).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    offset: z.coerce
      .number()
      .int()
      .min(0)
      .max(100_000, 'Far pages go by next_cursor: pass it as cursor instead of an offset.')
      .default(0),
  })
  .refine(({ cursor, offset }) => cursor === undefined || offset === 0, {
    path: ['offset'],
    message: 'Give a cursor or an offset, not both.',
  })
  .transform((query) => ({
    status: query.status,
    refundClass: query.refund_class,
    location: query.location,
    nonZero: !query.include_zero,
    source: query.source,
    brandId: query.brand,
    minCents: query.min_usd,
    maxCents: query.max_usd,
    minMinutes: query.min_minutes,
    olderThanMinutes: query.older_than_minutes,
    assignee: query.assignee,
    search: query.search,
    sort: query.sort,
    cursor: query.cursor,
    limit: query.limit,
    offset: query.offset,
  }));
type FullQuery = z.output<typeof queueQuerySchema>;
type QueueQuery = Pick<FullQuery, 'status' | 'nonZero' | 'sort' | 'limit'> & Partial<FullQuery>;

/** Writes a query of the queue for GET /api/recommendations. */
export function encodeQueueQuery(query: QueueQuery): URLSearchParams {
  const { status, sort, limit, refundClass, location, cursor, source, assignee, search } = query;
  const fixed = { status, sort, limit: `${limit}`, include_zero: `${!query.nonZero}` };
  const chosen = {
    ...{ refund_class: refundClass, location, cursor, source, assignee, search },
    brand: query.brandId?.toString(),
    min_usd: query.minCents === undefined ? undefined : toDecimal(query.minCents),
    max_usd: query.maxCents === undefined ? undefined : toDecimal(query.maxCents),
    min_minutes: query.minMinutes?.toString(),
    older_than_minutes: query.olderThanMinutes?.toString(),
    offset: query.offset?.toString(),
  };
  const given = Object.entries(chosen).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return new URLSearchParams({ ...fixed, ...Object.fromEntries(given) });
}

/** The query of GET /api/summary. */
export const summaryQuerySchema = z.object({ include_zero: flag.default(false) });

/** The query of GET /api/orders/{id}/events: the driver's position reports are left out unless asked for. */
export const eventsQuerySchema = z.object({ include_pings: flag.default(false) });

const numberText = z
  .number()
  .refine((usd) => !Object.is(usd, -0), 'is not an amount')
  .transform(String)
  .pipe(amountText);

/**
 * The body of POST /api/refunds. Who decides is the session's person, whatever the body says. A program that
 * departs from the suggestion without a reason code has another reason than those of the list: `other`.
 */
export const refundRequestSchema = z
  .object({
    order_id: decideRefundSchema.shape.orderId,
    recommendation_id: z.int().nonnegative().transform(String).optional(),
    refund_class: decideRefundSchema.shape.refundClass,
    amount_usd: numberText,
    reason: decideRefundSchema.shape.reason,
    reason_code: decideRefundSchema.shape.reasonCode.default('other'),
  })
  .transform((json) => ({
    orderId: json.order_id,
    recommendationId: json.recommendation_id,
    refundClass: json.refund_class,
    amountUsd: json.amount_usd,
    reason: json.reason,
    reasonCode: json.reason_code,
  }));

export const idempotencyKeySchema = decideRefundSchema.shape.idempotencyKey;
