import { sql } from 'drizzle-orm';
import { bigint, boolean, customType, jsonb, numeric, pgSchema, text, timestamp } from 'drizzle-orm/pg-core';

const refundsSchema = pgSchema('refunds');

/** The words of a text, for searching. */
const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });
/** The migration says of what; here it only keeps both columns out of what is written. */
const computed = sql``;

export const refundDecisions = refundsSchema.table('refund_decisions', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  orderId: text('order_id').notNull(),
  decidedTs: timestamp('decided_ts', { withTimezone: true }).notNull().defaultNow(),
  amountUsd: numeric('amount_usd', { precision: 18, scale: 2 }).notNull(),
  refundClass: text('refund_class', { enum: ['none', 'partial', 'full'] }).notNull(),
  reason: text('reason').notNull(),
  decidedBy: text('decided_by').notNull(),
  orderTotalUsd: numeric('order_total_usd', { precision: 18, scale: 2 }).notNull(),
  recommendationId: bigint('recommendation_id', { mode: 'bigint' }).notNull(),
  sourceSuggestion: jsonb('source_suggestion').notNull(),
  supersedesId: bigint('supersedes_id', { mode: 'bigint' }),
  idempotencyKey: text('idempotency_key').notNull(),
  requestHash: text('request_hash').notNull(),
  kind: text('kind', { enum: ['decision', 'undo', 'reversal'] }).notNull(),
  reasonCode: text('reason_code'),
  approvedBy: text('approved_by'),
  approvalId: bigint('approval_id', { mode: 'bigint' }),
  batchId: text('batch_id'),
  words: tsvector('words').generatedAlwaysAs(computed),
  departed: boolean('departed').generatedAlwaysAs(computed),
});
