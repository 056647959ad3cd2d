import type { Database } from '#db/client.ts';
import type { DecideManyInput } from '#lib/contract/decision.ts';
import type { Actor } from '#lib/contract/person.ts';
import { overridesSuggestion, type RefundClass } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';
import { getLimits, limitAfter } from './approval-limit.ts';
import { canDecide } from './can-decide.ts';
import { listByIds } from './list-by-ids.ts';
import type { QueueItem } from './types.ts';

/** What a bulk decision would do to one order, or why it would not. */
export type Preview = { orderId: string } & (
  | { refundClass: RefundClass; amountCents: Cents; needsApproval: boolean; needsReason: boolean }
  | { problem: string }
);

/** What a bulk decision would do, order by order, as things stand now; writes nothing. */
export async function previewMany(
  db: Database,
  person: Actor,
  { orders, choice }: Pick<DecideManyInput, 'orders' | 'choice'>,
): Promise<Preview[]> {
  const found = await listByIds(
    db,
    orders.map(({ orderId }) => orderId),
  );
  const limits = await getLimits(db.pool, person);
  let spent = 0;
  return orders.map(({ orderId, recommendationId }) => {
    const item = found.get(orderId);
    const problem = problemOf(person, item, recommendationId);
    const answer = item && answerOf(item, choice);
    if (problem !== undefined || !item || !answer)
      return { orderId, problem: problem ?? 'There is no suggestion to accept.' };
    const { refundClass, amountCents } = answer;
    const needsReason = overridesSuggestion(item.suggestion, refundClass, amountCents);
    const needsApproval = amountCents > limitAfter(limits, spent);
    if (!needsApproval) spent += amountCents;
    return { orderId, ...answer, needsApproval, needsReason };
  });
}

function problemOf(person: Actor, item: QueueItem | undefined, seen: string): string | undefined {
  const permission = canDecide({ person, recommendation: item });
  if (!permission.allowed) return permission.disabledReason;
  return item?.suggestion.recommendationId === seen ? undefined : 'The recommendation has changed.';
}

/** What a choice means for an order; undefined where there is no suggestion to accept. */
export function answerOf(
  { suggestion }: Pick<QueueItem, 'suggestion'>,
  choice: DecideManyInput['choice'],
): { refundClass: RefundClass; amountCents: Cents } | undefined {
  if (choice === 'deny') return { refundClass: 'none', amountCents: 0 };
  const { refundClass, refundCents } = suggestion;
  return refundClass === null || refundCents === null ? undefined : { refundClass, amountCents: refundCents };
}
