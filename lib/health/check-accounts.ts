import { type Database, inTransaction } from '#db/client.ts';
import { countWaitingFiles } from './count-waiting-files.ts';
import { type Accounts, getAccounts } from './get-accounts.ts';
import { type Difference, listDifferences } from './list-differences.ts';

/** The accounts of a lakehouse, `waiting` files of the volume, and where the ledger and the tables differ. */
export type CheckedAccounts = { accounts: Accounts; waiting: number; differences: Difference[] };

/** Holds the ledger against the tables, in sum and file by file, at one moment. */
export async function checkAccounts(db: Database, volume: string): Promise<CheckedAccounts> {
  const waiting = await countWaitingFiles(db, volume);
  return inTransaction(db.pool, async (connection) => {
    await connection.query('set transaction isolation level repeatable read, read only');
    const accounts = await getAccounts(connection);
    return { accounts, waiting, differences: await listDifferences(connection) };
  });
}
