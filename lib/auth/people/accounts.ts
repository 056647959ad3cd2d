import { randomInt, randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import { sql } from 'drizzle-orm/sql';
import { type Connection, type Database, inTransaction, type Pool } from '#db/client.ts';
import { boolean, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Role } from '#lib/contract/person.ts';

/** An account to be created. This is the only time that its password is known. */
export type NewAccount = { email: string; name: string; role: Role; password: string };

const insertAccount = statement({
  params: {
    personId: text,
    email: text,
    name: text,
    role: text,
    accountId: text,
    passwordHash: text,
    now: timestamp,
  },
  returns: {},
  sql: ({ personId, email, name, role, accountId, passwordHash, now }) => sql`
    with person as (
      insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
      values (${personId}, ${name}, lower(${email}), true, ${role}, ${now}, ${now})
      returning id
    )
    insert into auth.account (id, user_id, provider_id, account_id, password, created_at, updated_at)
    select ${accountId}, person.id, 'credential', person.id, ${passwordHash}, ${now}, ${now}
    from person`,
});

/** Creates an account that signs in with its password, of which only a salted hash is stored. */
export async function createAccount(
  connection: Pool | Connection,
  { email, name, role, password }: NewAccount,
  now: Date,
): Promise<void> {
  const ids = { personId: randomUUID(), accountId: randomUUID() };
  const passwordHash = await hashPassword(password);
  await insertAccount(connection, { ...ids, email, name, role, passwordHash, now });
}

const initialPeople = [
  { email: 'reviewer@caspers.local', name: 'Refund Reviewer', role: 'reviewer' },
  { email: 'lead@caspers.local', name: 'Operations Lead', role: 'lead' },
  { email: 'engineer@caspers.local', name: 'Data Engineer', role: 'engineer' },
  { email: 'admin@caspers.local', name: 'Console Admin', role: 'admin' },
] as const;

const lockPeople = statement({
  returns: {},
  sql: () => sql`lock table auth."user" in share row exclusive mode`,
});

const hasPeople = statement({
  returns: { exists: boolean },
  sql: () => sql`select exists (select from auth."user") as exists`,
});

/**
 * Creates the first accounts with generated passwords, unless there are accounts already.
 * @returns the accounts just created; an empty list on later calls.
 */
export async function ensureAccounts(db: Database, now: Date): Promise<NewAccount[]> {
  return inTransaction(db.pool, async (connection) => {
    await lockPeople(connection, {});
    const [people] = await hasPeople(connection, {});
    if (people?.exists) return [];
    const accounts = initialPeople.map((person) => ({ ...person, password: generatePassword() }));
    for (const account of accounts) await createAccount(connection, account, now);
    return accounts;
  });
}

const CONSONANTS = 'bdfghjkmnprstvwz';
const VOWELS = 'aeiou';

/** A random password that is easy to read aloud, like "kadu-limo-teso-vira-nupo-hafe": 24 letters, 75 bits. */
export function generatePassword(): string {
  return Array.from({ length: 6 }, () => `${randomSyllable()}${randomSyllable()}`).join('-');
}

const randomSyllable = () => randomLetter(CONSONANTS) + randomLetter(VOWELS);
const randomLetter = (letters: string) => letters.charAt(randomInt(letters.length));
