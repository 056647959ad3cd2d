import { desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import { refundDecisions } from '#db/schema/refunds.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { centsFromNumeric } from '#lib/money.ts';
import { readDecision } from './read-decision.ts';
import type { PastDecision } from './types.ts';

const snapshot = z.object({
  refund_class: z.enum(refundClasses).nullable(),
  refund_usd: z.number().nullable(),
});

/** All decisions of an order, newest first, each with what was suggested then; the first one stands. */
export async function listDecisions(
  { orm }: Pick<Database, 'orm'>,
  orderId: string,
): Promise<PastDecision[]> {
  const rows = await orm
    .select()
    .from(refundDecisions)
    .where(eq(refundDecisions.orderId, orderId))
    .orderBy(desc(refundDecisions.id));
  return rows.map((row) => ({ ...readDecision(row), suggested: readSuggested(row.sourceSuggestion) }));
}

function readSuggested(stored: unknown): PastDecision['suggested'] {
  const { refund_class, refund_usd } = snapshot.parse(stored);
  return {
    refundClass: refund_class,
    refundCents: refund_usd === null ? null : centsFromNumeric(String(refund_usd)),
  };
}
