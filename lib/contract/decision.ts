import { z } from 'zod';
import { camelKeys, dollars, encode, flagText, identity } from './codec.ts';
import {
  amountText,
  idempotencyKeyText,
  idText,
  orderIdText,
  pageLimit,
  reasonText,
  searchText,
} from './fields.ts';
import { reasonCodes, refundClasses } from './refund.ts';

/** How long a decision can be undone by the person who made it; the database measures it. */
export const UNDO_SECONDS = 30;

const reasonCode = z.enum(reasonCodes, 'Choose why you depart from the suggestion.');

/**
 * What a person sends to decide a refund. `recommendationId` is the version that was on the screen; without it, the
 * current recommendation counts as seen. A decision that overrides the suggestion needs a `reasonCode`.
 */
export const decideRefundSchema = z.strictObject({
  orderId: orderIdText,
  recommendationId: z
    .string()
    .regex(/^\d{1,18}$/, 'This is not the number of a recommendation.')
    .optional(),
  refundClass: z.enum(refundClasses, 'Choose no refund, a partial refund or a full refund.'),
  amountUsd: amountText,
  reason: reasonText,
  reasonCode: reasonCode.optional(),
  idempotencyKey: idempotencyKeyText,
});

/** Undoes a decision of the last seconds. */
export const undoSchema = z.strictObject({
  orderId: orderIdText,
  decisionId: idText,
  idempotencyKey: idempotencyKeyText,
});

/** Reverses a decision, however old. */
export const reverseSchema = undoSchema.extend({ reason: reasonText });

/** A second person's answer to a decision above the limit; `withdrawn` is the first person's own. */
export const resolveApprovalSchema = z.strictObject({
  orderId: orderIdText,
  requestId: idText,
  outcome: z.enum(['approved', 'rejected', 'withdrawn']),
  reason: reasonText.optional(),
});

/** One decision for up to 200 orders: as suggested for each, or no refund. */
export const decideManySchema = z.strictObject({
  orders: z
    .array(z.strictObject({ orderId: orderIdText, recommendationId: idText }))
    .min(1, 'Select at least one order.')
    .max(200, 'Decide 200 orders at most at once.')
    .refine(
      (orders) => new Set(orders.map(({ orderId }) => orderId)).size === orders.length,
      'An order is named twice.',
    ),
  choice: z.enum(['accept', 'deny']),
  reason: reasonText.optional(),
  reasonCode: reasonCode.optional(),
  idempotencyKey: idempotencyKeyText.max(160),
});

/** What a bulk decision would do. */
export const previewManySchema = decideManySchema.pick({ orders: true, choice: true });

/** What one person refunds alone: in one decision and, where that is not empty, in a day. */
export const approvalLimitSchema = z.strictObject({
  limitUsd: amountText,
  dailyLimitUsd: z.union([z.literal(''), amountText]).optional(),
  reason: reasonText,
});

export type DecideRefundInput = z.output<typeof decideRefundSchema>;
export type UndoInput = z.output<typeof undoSchema>;
export type ReverseInput = z.output<typeof reverseSchema>;
export type ResolveApprovalInput = z.output<typeof resolveApprovalSchema>;
export type DecideManyInput = z.output<typeof decideManySchema>;
export type ApprovalLimitInput = z.output<typeof approvalLimitSchema>;

export const decisionKinds = ['decision', 'undo', 'reversal'] as const;

const decisionJson = z.object({
  id: identity,
  kind: z.enum(decisionKinds),
  order_id: z.string(),
  decided_ts: z.iso.datetime(),
  amount_usd: dollars,
  refund_class: z.enum(refundClasses),
  reason: z.string(),
  reason_code: z.string().nullable(),
  decided_by: z.string(),
  approved_by: z.string().nullable(),
  supersedes_id: identity.nullable(),
});

/** A decision, as POST /api/refunds answers and the queue lists it. */
export const decisionSchema = camelKeys(decisionJson, { amount_usd: 'amountCents' });

/** A decision of the history, with what was suggested when it was made. */
export const pastDecisionSchema = camelKeys(
  decisionJson.extend({
    suggested: camelKeys(
      z.object({ refund_class: z.enum(refundClasses).nullable(), refund_usd: dollars.nullable() }),
      { refund_usd: 'refundCents' },
    ),
  }),
  { amount_usd: 'amountCents' },
);

/** A decision that waits for a second person, as POST /api/refunds answers it with 202. */
export const approvalSchema = camelKeys(
  z.object({
    approval_id: identity,
    status: z.literal('pending_approval'),
    order_id: z.string(),
    recommendation_id: identity,
    requested_ts: z.iso.datetime(),
    requested_by: z.string(),
    refund_class: z.enum(refundClasses),
    amount_usd: dollars,
    reason_code: z.string().nullable(),
    reason: z.string(),
  }),
  { approval_id: 'id', amount_usd: 'amountCents' },
);
type Approval = Omit<z.output<typeof approvalSchema>, 'status'>;

/** GET /api/refunds: what a key has led to; both are null where nothing was written. */
export const outcomeSchema = z.object({
  decision: decisionSchema.nullable(),
  approval: approvalSchema.nullable(),
});
type Outcome = { decision?: z.output<typeof decisionSchema> | null; approval?: Approval | null };

export function encodeApproval(approval: Approval): z.input<typeof approvalSchema> {
  return encode(approvalSchema, { ...approval, status: 'pending_approval' });
}

export function encodeOutcome({ decision, approval }: Outcome): z.input<typeof outcomeSchema> {
  return {
    decision: decision ? encode(decisionSchema, decision) : null,
    approval: approval ? encodeApproval(approval) : null,
  };
}

/** The query of GET /api/refunds: the order, and the key of a request whose answer was lost. */
export const outcomeQuerySchema = camelKeys(
  z.object({ order_id: orderIdText, idempotency_key: idempotencyKeyText }),
);

const dollarNumber = z.codec(
  z.number().refine((usd) => !Object.is(usd, -0), 'is not an amount'),
  amountText,
  { decode: String, encode: Number },
);

/**
 * The body of POST /api/refunds. The session's person decides, whatever the body says. A program that overrides the
 * suggestion without a reason code has another reason than those of the list: `other`.
 */
export const refundRequestSchema = camelKeys(
  z.object({
    order_id: orderIdText,
    recommendation_id: identity.optional(),
    refund_class: decideRefundSchema.shape.refundClass,
    amount_usd: dollarNumber,
    reason: reasonText,
    reason_code: reasonCode.default('other'),
  }),
);

/** Whether a decision accepts or overrides its suggestion. */
export const suggestionOutcomes = ['accepted', 'overridden'] as const;

const instant = z.iso.datetime({ offset: true, error: 'must be a time as in 2026-11-01T00:00:00Z' });
/** The filters of the history besides its span, by their names in the console's address and in the API. */
export const historyFilters = {
  search: searchText(200),
  suggestion: z.enum(suggestionOutcomes),
  kind: z.enum(decisionKinds),
  refund_class: z.enum(refundClasses),
  decided_by: searchText(200),
  order_id: searchText(200),
};
const historySpan = z.object({ ...historyFilters, from: instant, until: instant }).partial();

/** The filters of the history alone. */
export const historyFilterSchema = camelKeys(historySpan);
export type HistoryFilter = z.output<typeof historyFilterSchema>;

/**
 * The query of GET /api/decisions/export. With `bom` the file begins with a byte order mark, without which a spreadsheet
 * takes UTF-8 for the encoding of its machine; programs read it better without.
 */
export const exportQuerySchema = camelKeys(historySpan.extend({ bom: flagText.default(false) }));

/** The query of GET /api/decisions; `after` is `next_after` of the page before. */
export const historyQuerySchema = camelKeys(
  historySpan.extend({
    after: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
    limit: pageLimit,
  }),
);
export type HistoryQuery = z.output<typeof historyQuerySchema>;

/** GET /api/decisions; `next_after` leads to the page after this one. */
export const historyPageSchema = camelKeys(
  z.object({ items: z.array(pastDecisionSchema), next_after: z.string().nullable() }),
  { items: 'decisions' },
);
