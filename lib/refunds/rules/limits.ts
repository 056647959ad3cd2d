import { sql } from 'drizzle-orm/sql';
import type { Connection, Database, Pool } from '#db/client.ts';
import { named, nullable, type RowOf, text, usd } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { ApprovalLimitInput } from '#lib/contract/decision.ts';
import type { Actor, Person } from '#lib/contract/person.ts';
import type { Cents } from '#lib/money.ts';
import { requireRole } from './permissions.ts';

const limitColumns = {
  singleCents: named('single', usd),
  /** Null where there is no daily limit. */
  dailyCents: named('daily', nullable(usd)),
  todayCents: named('today', usd),
};

/**
 * What a person refunds alone: in a single decision, and in a day of UTC, together with the tokens that they made.
 * A limit that they raised themselves does not count for them.
 */
export type Limits = RowOf<typeof limitColumns>;

const selectLimits = statement({
  params: { email: text },
  returns: limitColumns,
  sql: ({ email }) => sql`
    -- one row
    select single_limit_usd as single, daily_limit_usd as daily, refunds.refunded_today(${email}) as today
    from refunds.limits_in_force(${email})`,
});

export async function getLimits(
  connection: Pool | Connection,
  { email }: Pick<Person, 'email'>,
): Promise<Limits> {
  const [limits] = await selectLimits(connection, { email });
  if (!limits) throw new RangeError('the limits of a person are always one row');
  return limits;
}

/** Up to which amount a person decides alone, after `spentCents` more than what they have refunded today. */
export function limitAfter({ singleCents, dailyCents, todayCents }: Limits, spentCents: Cents): Cents {
  if (dailyCents === null) return singleCents;
  return Math.min(singleCents, Math.max(0, dailyCents - todayCents - spentCents));
}

const insertSettings = statement({
  params: { limitUsd: text, dailyLimitUsd: nullable(text), changedBy: text, reason: text },
  returns: {},
  sql: ({ limitUsd, dailyLimitUsd, changedBy, reason }) => sql`
    insert into refunds.settings (approval_limit_usd, changed_by, reason, daily_limit_usd)
    select ${limitUsd}, ${changedBy}, ${reason},
      case when ${dailyLimitUsd}::text is null
        then (select daily_limit_usd from refunds.settings order by id desc limit 1)
        else nullif(${dailyLimitUsd}, '')::numeric end`,
});

/**
 * Sets the limits above which a second person is needed. Without a `dailyLimitUsd` the daily limit stays as it is; an
 * empty one removes it.
 * @throws ForbiddenError unless the person is a lead.
 */
export async function setApprovalLimit(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  { limitUsd, dailyLimitUsd, reason }: ApprovalLimitInput,
): Promise<void> {
  requireRole(person, 'lead', 'Setting the limit');
  await insertSettings(pool, {
    limitUsd,
    dailyLimitUsd: dailyLimitUsd ?? null,
    reason,
    changedBy: person.email,
  });
}
