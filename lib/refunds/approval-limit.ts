import type { Connection, Database, Pool } from '#db/client.ts';
import type { ApprovalLimitInput } from '#lib/contract/case-requests.ts';
import type { Actor, Person } from '#lib/contract/person.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import { requireRole } from './require-role.ts';

/** Up to which amount a person decides alone. A limit that they raised themselves does not count for them. */
export async function getApprovalLimit(
  connection: Pool | Connection,
  person: Pick<Person, 'email'>,
): Promise<Cents> {
  const { rows } = await connection.query<{ usd: string }>('select refunds.approval_limit($1) as usd', [
    person.email,
  ]);
  return centsFromNumeric(rows[0]?.usd ?? '0');
}

/** Sets the limit above which a second person is needed. @throws ForbiddenError for anybody but a lead. */
export async function setApprovalLimit(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { limitUsd, reason }: ApprovalLimitInput,
): Promise<void> {
  requireRole(person, 'lead', 'Setting the limit');
  await pool.query(
    'insert into refunds.settings (approval_limit_usd, changed_by, reason) values ($1, $2, $3)',
    [limitUsd, person.email, reason],
  );
}
