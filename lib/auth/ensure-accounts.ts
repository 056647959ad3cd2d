import { type Database, inTransaction } from '#db/client.ts';
import { createAccount } from './create-account.ts';
import { readablePassword } from './readable-password.ts';
import type { NewAccount } from './types.ts';

const firstPeople = [
  { email: 'reviewer@caspers.local', name: 'Refund Reviewer', role: 'reviewer' },
  { email: 'lead@caspers.local', name: 'Operations Lead', role: 'lead' },
  { email: 'admin@caspers.local', name: 'Console Admin', role: 'admin' },
] as const;

/**
 * Makes the first accounts where there are none, with random passwords.
 * @returns the accounts just made, the only time that their passwords are known; none on later calls.
 */
export async function ensureAccounts(db: Database, now: Date): Promise<NewAccount[]> {
  return inTransaction(db.pool, async (connection) => {
    await connection.query('lock table auth."user" in share row exclusive mode');
    const { rowCount } = await connection.query('select from auth."user" limit 1');
    if (rowCount) return [];
    const accounts = firstPeople.map((person) => ({ ...person, password: readablePassword() }));
    for (const account of accounts) await createAccount(connection, account, now);
    return accounts;
  });
}
