import { randomUUID } from 'node:crypto';
import { hashPassword } from 'better-auth/crypto';
import type { Connection, Pool } from '#db/client.ts';
import type { NewAccount } from './types.ts';

/** Makes an account that signs in with its password, of which only a salted hash is stored. */
export async function createAccount(
  connection: Pool | Connection,
  account: NewAccount,
  now: Date,
): Promise<void> {
  const { email, name, role, password } = account;
  await connection.query(
    `
    -- one row in each table
    with person as (
      insert into auth."user" (id, name, email, email_verified, role, created_at, updated_at)
      values ($1, $2, lower($3), true, $4, $5, $5)
      returning id
    )
    insert into auth.account (id, user_id, provider_id, account_id, password, created_at, updated_at)
    select $6, person.id, 'credential', person.id, $7, $5, $5
    from person`,
    [randomUUID(), name, email, role, now, randomUUID(), await hashPassword(password)],
  );
}
