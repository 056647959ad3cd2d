import { z } from 'zod';
import { type CaseStatus, caseStatuses } from './case.ts';
import { camelKeys, dollars, encode, flagText, identity, numberText } from './codec.ts';
import { decisionSchema } from './decision.ts';
import { amountText, idText, nameText, pageLimit, searchText } from './fields.ts';
import { evidenceSchema, orderFactsSchema, recommendationSources, refundClasses } from './refund.ts';

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

const minutes = z.number().min(0).max(10_000_000);

/**
 * The filters of the queue, by the name that each has in the console's address and in the API; in the code it is the
 * same in camel case. A new one also needs its control (app/(console)/refunds/_queue; `rareNames` there, if it belongs
 * to the filters that are folded), its condition (lib/refunds/queue/queue-conditions.ts), and a value in `everyFilter`
 * (lib/refunds/queue/list-recommendations.ts), by which the test of all statements prepares it.
 */
export const queueFilters = {
  status: z.enum(queueStatuses),
  /** The suggested class. */
  refund_class: z.enum(queueClasses),
  location: searchText(100),
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
  assignee: searchText(100),
  /** The beginning of an order's id. */
  search: searchText(100),
  /** Whether the facts of a decided order have changed since its decision. */
  facts_changed: flagText,
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
      limit: pageLimit,
    })
    .refine(({ cursor, offset = 0 }) => cursor === undefined || offset === 0, {
      path: ['offset'],
      message: 'Give a cursor or an offset, not both.',
    }),
);
export type QueueQuery = z.output<typeof queueQuerySchema>;
export type QueueFilter = Omit<QueueQuery, 'sort' | 'cursor' | 'offset' | 'limit'>;

const suggestionSchema = camelKeys(
  z.object({
    recommendation_id: identity,
    refund_usd: dollars.nullable(),
    refund_class: z.enum(refundClasses).nullable(),
    reason: z.string(),
    source: z.enum(recommendationSources),
    model: z.string().nullable(),
    policy_version: z.string(),
    prompt_version: z.string().nullable(),
    evidence: evidenceSchema,
    /** What the order was when it was scored; null for a recommendation from before this was kept. */
    facts: orderFactsSchema.nullable(),
  }),
  { refund_usd: 'refundCents' },
);

const itemSchema = camelKeys(
  z.object({
    order_id: z.string(),
    ts: z.iso.datetime(),
    order_ts: z.iso.datetime(),
    delivered_ts: z.iso.datetime(),
    location: z.string().nullable(),
    delivery_minutes: z.number(),
    order_total_usd: dollars,
    suggestion: suggestionSchema,
    decision: decisionSchema.nullable(),
    status: z.codec(z.enum(['applied', 'pending']), z.enum(['decided', 'pending']), {
      decode: (status) => (status === 'applied' ? 'decided' : 'pending'),
      encode: (status) => (status === 'decided' ? 'applied' : 'pending'),
    }),
    case_status: z.enum(caseStatuses),
    assignee: z.string().nullable(),
    due_ts: z.iso.datetime().nullable(),
    /** Whether the facts of a decided order have changed since its decision. */
    facts_changed: z.boolean(),
  }),
  { order_total_usd: 'orderTotalCents' },
);
type Item = z.output<typeof itemSchema>;
type QueueItem = Omit<Item, 'ts' | 'suggestion'> & {
  suggestion: Item['suggestion'] & { scoredTs: string };
};

/**
 * One row of the queue. In JSON `ts` is when it was scored and a decided order is `applied`; `due_ts` is when a claim
 * or a snooze ends.
 */
export const queueItemSchema = z.codec(itemSchema, z.custom<QueueItem>(), {
  decode: ({ ts, suggestion, ...item }): QueueItem => ({
    ...item,
    suggestion: { ...suggestion, scoredTs: ts },
  }),
  encode: (item): Item => ({ ...item, ts: item.suggestion.scoredTs }),
});

/** GET /api/recommendations; `next_cursor` leads to the page after this one. */
export const queuePageSchema = camelKeys(
  z.object({
    items: z.array(queueItemSchema),
    limit: z.int(),
    offset: z.int(),
    total: z.int(),
    has_more: z.boolean(),
    next_cursor: z.string().nullable(),
  }),
);
type QueuePage = Pick<z.output<typeof queuePageSchema>, 'items' | 'total' | 'nextCursor'>;

export function encodeQueuePage(
  page: QueuePage,
  { limit, offset = 0 }: Pick<QueueQuery, 'limit' | 'offset'>,
): z.input<typeof queuePageSchema> {
  return encode(queuePageSchema, { ...page, limit, offset, hasMore: page.nextCursor !== null });
}

/** The query of GET /api/summary. */
export const summaryQuerySchema = camelKeys(z.object({ include_zero: flagText.default(false) }));

const byClass = z.object({ none: z.int(), partial: z.int(), full: z.int() });
const byStatus = Object.fromEntries(caseStatuses.map((status) => [status, z.int()])) as Record<
  CaseStatus,
  z.ZodInt
>;

/** GET /api/summary; `recommendations_count` leaves out what needs no refund unless `include_zero` asks for it. */
export const summarySchema = camelKeys(
  z.object({
    recommendations_count: z.int(),
    total_recommendations: z.int(),
    pending_count: z.int(),
    pending_suggested_usd: dollars,
    suggested_total_usd: dollars,
    suggestions_by_class: byClass,
    without_answer: z.int(),
    decisions_count: z.int(),
    decided_total_usd: dollars,
    decisions_by_class: byClass,
    locations: z.array(z.string()),
    counts_by_status: z.object(byStatus),
  }),
  {
    total_recommendations: 'recommendations',
    pending_count: 'pending',
    pending_suggested_usd: 'pendingSuggestedCents',
    suggested_total_usd: 'suggestedCents',
    decisions_count: 'decisions',
    decided_total_usd: 'decidedCents',
    counts_by_status: 'byStatus',
  },
);
type Summary = Omit<z.output<typeof summarySchema>, 'recommendationsCount'>;

export function encodeSummary(summary: Summary, includeZero: boolean): z.input<typeof summarySchema> {
  const zero = includeZero ? 0 : summary.suggestionsByClass.none;
  return encode(summarySchema, { ...summary, recommendationsCount: summary.recommendations - zero });
}

/** Saves the filters and the order of the queue under a name; the same name again takes the new ones. */
export const saveViewSchema = z.strictObject({
  name: nameText(60),
  search: z
    .string()
    .max(2000, 'These filters are too long to be kept.')
    .regex(/^\P{Cc}*$/u),
});
export const viewSchema = z.strictObject({ viewId: idText });
export type SaveViewInput = z.output<typeof saveViewSchema>;
