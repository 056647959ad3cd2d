import { createHash } from 'node:crypto';
import type { Database } from '#db/client.ts';
import type { DecideManyInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { overridesSuggestion, type RefundClass } from '#lib/contract/refund.ts';
import { AppError, ValidationError } from '#lib/errors.ts';
import { type Cents, toDecimal } from '#lib/money.ts';
import { listByIds } from '../queue/queue-item.ts';
import { getLimits, limitAfter } from '../rules/limits.ts';
import { canDecide } from '../rules/permissions.ts';
import type { QueueItem } from '../rules/records.ts';
import { decideRefund } from './decide-refund.ts';
import type { Result } from './with-order-lock.ts';

/** What a bulk decision would do to one order, or why it would skip it. */
export type Preview = { orderId: string } & (
  | { refundClass: RefundClass; amountCents: Cents; needsApproval: boolean; needsReason: boolean }
  | { problem: string }
);

/** What a bulk decision would do now, order by order; writes nothing. */
export async function previewMany(
  db: Database,
  person: Actor,
  { orders, choice }: Pick<DecideManyInput, 'orders' | 'choice'>,
): Promise<Preview[]> {
  const items = await listByIds(db, orders.map(idOf));
  const limits = await getLimits(db.pool, person);
  let spent = 0;
  return orders.map(({ orderId, recommendationId }) => {
    const item = items.get(orderId);
    const problem = skipReason(person, item, recommendationId);
    const answer = item && answerOf(item.suggestion, choice);
    if (problem !== undefined || !item || !answer)
      return { orderId, problem: problem ?? 'There is no suggestion to accept.' };
    const needsReason = overridesSuggestion(item.suggestion, answer.refundClass, answer.amountCents);
    const needsApproval = answer.amountCents > limitAfter(limits, spent);
    if (!needsApproval) spent += answer.amountCents;
    return { orderId, ...answer, needsApproval, needsReason };
  });
}

function skipReason(person: Actor, item: QueueItem | undefined, shown: string): string | undefined {
  const permission = canDecide(person, item);
  if (!permission.allowed) return permission.disabledReason;
  return item?.suggestion.recommendationId === shown ? undefined : 'The recommendation has changed.';
}

/** What a choice means for an order; undefined where there is no suggestion to accept. */
function answerOf(
  { refundClass, refundCents }: QueueItem['suggestion'],
  choice: DecideManyInput['choice'],
): { refundClass: RefundClass; amountCents: Cents } | undefined {
  if (choice === 'deny') return { refundClass: 'none', amountCents: 0 };
  return refundClass === null || refundCents === null ? undefined : { refundClass, amountCents: refundCents };
}

/** The outcome for one order of a bulk decision; after an error nothing was written for this order. */
export type BulkOutcome = { orderId: string } & (
  | (Result & { error?: undefined })
  | { error: { code: string; message: string } }
);

/**
 * Decides up to 200 orders alike, each on its own: as suggested, or without a refund. An order that has changed in the
 * meantime fails with its reason, and the others go on. The same key continues or repeats the same bulk decision.
 * @throws ForbiddenError; BusyError where the database went away: send the same again.
 */
export async function decideMany(
  db: Database,
  person: Actor,
  input: DecideManyInput,
): Promise<{ batchId: string; outcomes: BulkOutcome[] }> {
  const items = await listByIds(db, input.orders.map(idOf));
  const batchId = digest(`${person.email} ${input.idempotencyKey}`);
  const outcomes: BulkOutcome[] = [];
  for (const order of input.orders)
    outcomes.push(await decideOne(db, person, { input, batchId, order, item: items.get(order.orderId) }));
  return { batchId, outcomes };
}

type DecideOneParams = {
  input: DecideManyInput;
  batchId: string;
  order: DecideManyInput['orders'][number];
  item: QueueItem | undefined;
};

async function decideOne(
  db: Database,
  person: Actor,
  { input, batchId, order, item }: DecideOneParams,
): Promise<BulkOutcome> {
  const { orderId } = order;
  try {
    const answer = item && answerOf(item.suggestion, input.choice);
    if (!item || !answer) throw new ValidationError('choice', 'There is no suggestion to accept.');
    const { refundClass, amountCents } = answer;
    if (input.reason === undefined && overridesSuggestion(item.suggestion, refundClass, amountCents))
      throw new ValidationError('reason', 'Say why, in a few words.');
    const decision = {
      ...order,
      refundClass,
      amountUsd: toDecimal(amountCents),
      reason: input.reason ?? item.suggestion.reason,
      reasonCode: input.reasonCode,
      idempotencyKey: `${input.idempotencyKey}:${digest(orderId)}`,
    };
    const { replayed: _, ...result } = await decideRefund(db, person, decision, batchId);
    return { orderId, ...result };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'forbidden' || error.code === 'busy') throw error;
    return { orderId, error: { code: error.code, message: error.message } };
  }
}

const idOf = ({ orderId }: { orderId: string }) => orderId;

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
