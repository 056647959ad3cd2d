import { type Database, inTransaction } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import { explainDatabaseError, findByIdempotencyKey, lockOrder, type Result } from './with-order-lock.ts';

/**
 * What became of a request whose answer was lost, by its key; undefined where nothing was written. It takes the lock of
 * the order first, so that a request which is still being carried out counts.
 * @throws BusyError where that takes too long or the database is away.
 */
export async function findOutcome(
  db: Database,
  { email }: Pick<Person, 'email'>,
  { orderId, idempotencyKey }: { orderId: string; idempotencyKey: string },
): Promise<Result | undefined> {
  try {
    return await inTransaction(db.pool, async (connection) => {
      await lockOrder(connection, { orderId });
      return (await findByIdempotencyKey(connection, { decidedBy: email, idempotencyKey }))?.result;
    });
  } catch (error) {
    throw await explainDatabaseError(db, error, orderId);
  }
}
