import { type Connection, type Database, inTransaction } from '#db/client.ts';
import type { KeyedRequest } from './decide-request.ts';
import { explainDatabaseError } from './explain-database-error.ts';
import { findByKey, type Result } from './find-by-key.ts';
import { lockOrder } from './lock-order.ts';

/** `replayed` tells a repeated request from the one that did something; the result is the same. */
export type Outcome<Done extends Result = Result> = Done & { replayed: boolean };

/**
 * Runs `work` once for an idempotency key, in one transaction; all work on one order waits for one another here,
 * so that each sees what the one before has written.
 * @throws what `work` throws; ConflictError `idempotency_key_reused`; BusyError, whose message says whether
 * anything may have been written.
 */
export async function onOrder(
  db: Database,
  request: KeyedRequest,
  work: (connection: Connection) => Promise<Result>,
): Promise<Outcome> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await lockOrder(connection, request);
      const earlier = await findByKey(connection, request);
      if (earlier) return { ...earlier, replayed: true };
      return { ...(await work(connection)), replayed: false };
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, request);
  }
}
