import type { Connection, Database, Pool } from '#db/client.ts';
import type { ApprovalLimitInput } from '#lib/contract/decision.ts';
import type { Actor, Person } from '#lib/contract/person.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import { requireRole } from './require-role.ts';

/**
 * What a person refunds alone: in a single decision, and in a day of UTC, together with the tokens that they made.
 * `dailyCents` is null where there is no daily limit. A limit that they lifted themselves does not count for them.
 */
export type Limits = { singleCents: Cents; dailyCents: Cents | null; todayCents: Cents };

type Row = { single: string; daily: string | null; today: string };

export async function getLimits(
  connection: Pool | Connection,
  { email }: Pick<Person, 'email'>,
): Promise<Limits> {
  const { rows } = await connection.query<Row>(
    `
    -- one row
    select
      refunds.single_limit($1) as single, refunds.daily_limit($1) as daily,
      refunds.refunded_today($1) as today`,
    [email],
  );
  const [row] = rows;
  if (!row) throw new RangeError('a statement of one row without it');
  return {
    singleCents: centsFromNumeric(row.single),
    dailyCents: row.daily === null ? null : centsFromNumeric(row.daily),
    todayCents: centsFromNumeric(row.today),
  };
}

/** Up to which amount a person decides alone, after `spentCents` more than what they have refunded today. */
export function limitAfter({ singleCents, dailyCents, todayCents }: Limits, spentCents: Cents): Cents {
  if (dailyCents === null) return singleCents;
  return Math.min(singleCents, Math.max(0, dailyCents - todayCents - spentCents));
}

/**
 * Sets the limits above which a second person is needed; a daily limit that is not named stays, an empty one ends.
 * @throws ForbiddenError for anybody but a lead.
 */
export async function setApprovalLimit(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { limitUsd, dailyLimitUsd, reason }: ApprovalLimitInput,
): Promise<void> {
  requireRole(person, 'lead', 'Setting the limit');
  await pool.query(
    `
    -- one row
    insert into refunds.settings (approval_limit_usd, changed_by, reason, daily_limit_usd)
    select $1, $2, $3,
      case when $4::text is null then (select daily_limit_usd from refunds.settings order by id desc limit 1)
        else nullif($4, '')::numeric end`,
    [limitUsd, person.email, reason, dailyLimitUsd ?? null],
  );
}
