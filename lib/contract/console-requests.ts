import { z } from 'zod';
import { amountText, decideRefundSchema } from './decide-refund.ts';
import { refundClasses } from './refund.ts';

const queueStatuses = ['pending', 'decided', 'all'] as const;
const queueClasses = [...refundClasses, 'unanswered'] as const;
const queueSorts = ['newest', 'oldest', 'amount', 'lateness'] as const;

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** The query of GET /api/recommendations; pages go by `cursor`, so an offset is refused. */
export const queueQuerySchema = z
  .object({
    status: z.enum(queueStatuses).default('all'),
    refund_class: z.enum(queueClasses).optional(),
    location: z
      .string()
      .min(1)
      .max(100)
      .regex(/^\P{Cc}*$/u, 'is not a location')
      .optional(),
    include_zero: flag.default(false),
    sort: z.enum(queueSorts).default('newest'),
    cursor: z.string().max(1000).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
    offset: z.literal('0', 'Pages go by next_cursor: pass it as cursor instead of an offset.').optional(),
  })
  .transform((query) => ({
    status: query.status,
    refundClass: query.refund_class,
    location: query.location,
    nonZero: !query.include_zero,
    sort: query.sort,
    cursor: query.cursor,
    limit: query.limit,
  }));
type QueueQuery = z.output<typeof queueQuerySchema>;

/** Writes a query of the queue for GET /api/recommendations. */
export function encodeQueueQuery(query: QueueQuery): URLSearchParams {
  const { status, sort, limit, refundClass, location, cursor } = query;
  const fixed = { status, sort, limit: `${limit}`, include_zero: `${!query.nonZero}` };
  const chosen = Object.entries({ refund_class: refundClass, location, cursor });
  const given = chosen.filter((entry): entry is [string, string] => entry[1] !== undefined);
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

/** The body of POST /api/refunds. Who decides is the session's person, whatever the body says. */
export const refundRequestSchema = z
  .object({
    order_id: decideRefundSchema.shape.orderId,
    recommendation_id: z.int().nonnegative().transform(String).optional(),
    refund_class: decideRefundSchema.shape.refundClass,
    amount_usd: numberText,
    reason: decideRefundSchema.shape.reason,
  })
  .transform((json) => ({
    orderId: json.order_id,
    recommendationId: json.recommendation_id,
    refundClass: json.refund_class,
    amountUsd: json.amount_usd,
    reason: json.reason,
  }));

export const idempotencyKeySchema = decideRefundSchema.shape.idempotencyKey;
