import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { count, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';

const columns = { scorer: text, decisions: count, agreed: count, tooMuch: count, tooLittle: count };

/** How a scorer's amounts compare with what people decided; `tooMuch` and `tooLittle` are cents in sum. */
export type Agreement = {
  scorer: string;
  decisions: number;
  agreed: number;
  tooMuch: number;
  tooLittle: number;
};

const findAgreement = statement({
  returns: columns,
  sql: () => sql`
    -- one row per scorer that has an amount for a decided order
    with decided as (
      select
        decision.amount_usd as amount, decision.source_suggestion as suggestion,
        decision.source_suggestion -> 'evidence' -> 'agent' as agent
      from refunds.refund_decisions as decision
      where decision.kind = 'decision'
        and not exists (select from refunds.refund_decisions as later where later.supersedes_id = decision.id)
    ), scored as (
      select 'none' as scorer, amount, 0 as given from decided
      union all
      select
        'policy', amount,
        coalesce(
          agent -> 'policy_answer' ->> 'refund_usd',
          case when suggestion ->> 'source' = 'policy' then suggestion ->> 'refund_usd' end
        )::numeric
      from decided
      union all
      select 'agent as suggested', amount, (suggestion ->> 'refund_usd')::numeric
      from decided where suggestion ->> 'source' = 'agent'
    )
    select
      scorer, count(*) as decisions, count(*) filter (where given = amount) as agreed,
      (100 * coalesce(sum(given - amount) filter (where given > amount), 0))::bigint as too_much,
      (100 * coalesce(sum(amount - given) filter (where given < amount), 0))::bigint as too_little
    from scored
    where given is not null
    group by scorer
    order by scorer desc`,
});

/**
 * How constant refusal, the policy and the agent compare with the decisions in force of people in a database.
 * Empty where there is no decision, or where the database is not this system's.
 */
export async function measureAgreement(db: Database): Promise<Agreement[]> {
  const { rows } = await db.pool.query(
    `select to_regclass('refunds.refund_decisions') is not null as exists`,
  );
  return rows[0]?.exists ? findAgreement(db.pool, {}) : [];
}
