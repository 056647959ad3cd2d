import { createHash } from 'node:crypto';
import type { Database } from '#db/client.ts';
import type { DecideManyInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { overridesSuggestion } from '#lib/contract/refund.ts';
import { AppError, ValidationError } from '#lib/errors.ts';
import { toDecimal } from '#lib/money.ts';
import { decideRefund } from './decide-refund.ts';
import type { Result } from './find-by-key.ts';
import { listByIds } from './list-by-ids.ts';
import { answerOf } from './preview-many.ts';
import type { QueueItem } from './types.ts';

/** What became of one order of a bulk decision; a failure has written nothing for this order. */
export type BulkOutcome = { orderId: string } & (
  | (Result & { error?: undefined })
  | { error: { code: string; message: string } }
);

/**
 * Decides up to 200 orders alike, each for itself: as suggested, or without a refund. What has changed meanwhile
 * fails by name and the others go on. The same key continues or repeats the same bulk decision.
 * @throws ForbiddenError; BusyError where the database went away: send the same again.
 */
export async function decideMany(
  db: Database,
  person: Actor,
  input: DecideManyInput,
): Promise<{ batchId: string; outcomes: BulkOutcome[] }> {
  const found = await listByIds(
    db,
    input.orders.map(({ orderId }) => orderId),
  );
  const batchId = digest(`${person.email} ${input.idempotencyKey}`);
  const outcomes: BulkOutcome[] = [];
  for (const order of input.orders)
    outcomes.push(await decideOne(db, person, { input, batchId, order, item: found.get(order.orderId) }));
  return { batchId, outcomes };
}

type One = {
  input: DecideManyInput;
  batchId: string;
  order: DecideManyInput['orders'][number];
  item: QueueItem | undefined;
};

async function decideOne(
  db: Database,
  person: Actor,
  { input, batchId, order, item }: One,
): Promise<BulkOutcome> {
  const { orderId } = order;
  try {
    const answer = item && answerOf(item, input.choice);
    if (!item || !answer) throw new ValidationError('choice', 'There is no suggestion to accept.');
    const { refundClass, amountCents } = answer;
    if (input.reason === undefined && overridesSuggestion(item.suggestion, refundClass, amountCents))
      throw new ValidationError('reason', 'Say why, in a few words.');
    const { replayed: _, ...result } = await decideRefund(
      db,
      person,
      {
        ...order,
        refundClass,
        amountUsd: toDecimal(amountCents),
        reason: input.reason ?? item.suggestion.reason,
        reasonCode: input.reasonCode,
        idempotencyKey: `${input.idempotencyKey}:${digest(orderId)}`,
      },
      batchId,
    );
    return { orderId, ...result };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'forbidden' || error.code === 'busy') throw error;
    return { orderId, error: { code: error.code, message: error.message } };
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
