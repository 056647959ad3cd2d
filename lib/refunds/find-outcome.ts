import { type Database, inTransaction } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import { explainDatabaseError } from './explain-database-error.ts';
import { findKept, type Result } from './find-by-key.ts';
import { lockOrder } from './lock-order.ts';

type Asked = { orderId: string; idempotencyKey: string };

/**
 * What became of a request whose answer was lost, by its key: undefined where nothing was written. It waits for
 * whatever works on the order now, so that a request that has begun is not taken for one that never came.
 * @throws BusyError where that takes too long or the database is away.
 */
export async function findOutcome(
  db: Database,
  { email }: Pick<Person, 'email'>,
  { orderId, idempotencyKey }: Asked,
): Promise<Result | undefined> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await lockOrder(connection, { orderId });
      return (await findKept(connection, { decidedBy: email, idempotencyKey }))?.result;
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, { orderId, decidedBy: email });
  }
}
