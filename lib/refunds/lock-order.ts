import { advisoryLockSeeds } from '#db/advisory-locks.ts';
import type { Connection } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';

const LOCK = `
    select pg_advisory_xact_lock(hashtextextended($1, ${advisoryLockSeeds.order})), set_config('caspers.request', $2, true),
      case when $3::text is not null then refunds.lock_purse($3) end`;

/**
 * Makes all work on an order wait for one another until it commits, and where there is a daily limit the decisions of a
 * person, too; tells the audit which request it is.
 */
export async function lockOrder(
  connection: Connection,
  { orderId, requestId, decidedBy }: { orderId: string; requestId?: string; decidedBy?: string },
): Promise<void> {
  await connection.query(prepared(LOCK, [orderId, JSON.stringify({ requestId }), decidedBy ?? null]));
}
