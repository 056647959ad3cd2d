import { desc, eq } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { refundDecisions } from '#db/schema/refunds.ts';
import { readDecision } from './read-decision.ts';
import type { Decision } from './types.ts';

/** All decisions of an order, newest first; the first one stands. */
export async function listDecisions({ orm }: Pick<Database, 'orm'>, orderId: string): Promise<Decision[]> {
  const rows = await orm
    .select()
    .from(refundDecisions)
    .where(eq(refundDecisions.orderId, orderId))
    .orderBy(desc(refundDecisions.id));
  return rows.map(readDecision);
}
