import { and, eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Connection, Pool } from '#db/client.ts';
import { refundDecisions } from '#db/schema/refunds.ts';
import { keyReused } from './conflicts.ts';
import type { DecideRequest } from './decide-request.ts';
import { readDecision } from './read-decision.ts';
import type { Decision } from './types.ts';

/**
 * The decision that a person's idempotency key has made, if any.
 * @throws ConflictError `idempotency_key_reused` where it was another request.
 */
export async function findByKey(
  connection: Connection | Pool,
  request: DecideRequest,
): Promise<Decision | undefined> {
  const [row] = await drizzle({ client: connection })
    .select()
    .from(refundDecisions)
    .where(
      and(
        eq(refundDecisions.decidedBy, request.decidedBy),
        eq(refundDecisions.idempotencyKey, request.idempotencyKey),
      ),
    );
  if (!row) return undefined;
  const decision = readDecision(row);
  if (row.requestHash === request.hash) return decision;
  throw keyReused(decision);
}
