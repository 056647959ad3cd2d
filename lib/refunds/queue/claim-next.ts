import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { selectList } from '#db/columns.ts';
import { dynamicStatement } from '#db/statement.ts';
import type { Actor } from '#lib/contract/person.ts';
import { type QueueQuery, queueSorts } from '#lib/contract/queue.ts';
import { LEASE_MINUTES, releaseDue } from '../cases/case-steps.ts';
import { requireRole } from '../rules/permissions.ts';
import { type Case, caseColumns } from '../rules/records.ts';
import { queueConditions, queueOrders, where } from './queue-conditions.ts';

type ClaimQuery = Omit<QueueQuery, 'cursor' | 'offset' | 'limit'>;

/**
 * Claims the first unassigned order of a filtered and sorted queue for five minutes. Of people who ask at the same time
 * each gets another order, and no one waits.
 * @returns undefined where no order is free.
 */
export async function claimNext(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  query: ClaimQuery,
): Promise<Case | undefined> {
  requireRole(person, 'reviewer', 'Claiming an order');
  await releaseDue(pool);
  const [claimed] = await claimFirst(pool, { email: person.email, query });
  return claimed;
}

const claimFirst = dynamicStatement({
  returns: caseColumns,
  isPlannedOnce: ({ query }) => query.search === undefined,
  samples: queueSorts.map((sort): { email: string; query: ClaimQuery } => ({
    email: 'a',
    query: { status: 'pending', includeZero: true, sort },
  })),
  sql: ({ email, query }) => {
    const { key, direction } = queueOrders[query.sort];
    const conditions = [...queueConditions({ ...query, status: 'queued' }), sql`c.is_open`];
    return sql`
    -- at most one row: the order that this person has claimed
    with next as (
      select c.order_id
      from refunds.cases as c ${where(conditions)}
      order by ${key} ${direction}, c.order_id ${direction}
      limit 1
      for update skip locked
    )
    update refunds.cases as c
    set status = 'claimed', assignee = ${email}, changed_by = ${email}, changed_ts = clock_timestamp(),
      due_ts = clock_timestamp() + make_interval(mins => ${LEASE_MINUTES})
    from next
    where c.order_id = next.order_id
    returning ${selectList(caseColumns, { from: 'c' })}`;
  },
});
