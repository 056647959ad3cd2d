import { type Connection, type Database, inTransaction } from '#db/client.ts';
import type { Actor } from '#lib/contract/person.ts';
import { forgetIdentities } from './remember-identities.ts';

/**
 * Runs `work` in one transaction in which the database knows who acts, for what it audits by itself. Whatever it
 * changes of people counts with the next request to this process.
 */
export async function inRequest<Result>(
  { pool }: Pick<Database, 'pool'>,
  { email, requestId }: Pick<Actor, 'email' | 'requestId'>,
  work: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  try {
    return await inTransaction(pool, async (connection) => {
      const request = JSON.stringify({ actor: email, requestId });
      await connection.query(`select set_config('caspers.request', $1, true)`, [request]);
      return work(connection);
    });
  } finally {
    forgetIdentities(pool);
  }
}
