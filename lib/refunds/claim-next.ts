import type { Database } from '#db/client.ts';
import type { Actor } from '#lib/contract/person.ts';
import type { QueueQuery } from '#lib/contract/queue.ts';
import { LEASE_MINUTES } from './claim-order.ts';
import { type CaseRow, caseRow, readCase } from './get-case.ts';
import { type Bind, queueFilters, where } from './queue-filters.ts';
import { queueOrders } from './queue-order.ts';
import { releaseDue } from './release-due.ts';
import { requireRole } from './require-role.ts';
import type { Case } from './types.ts';

/**
 * Claims the first order that is free in a filtered and sorted queue, for five minutes. Of people who ask at once
 * each gets another order and nobody waits.
 * @returns undefined where none is free.
 */
export async function claimNext(
  { pool }: Pick<Database, 'pool'>,
  person: Actor,
  query: Omit<QueueQuery, 'cursor' | 'limit'>,
): Promise<Case | undefined> {
  requireRole(person, 'reviewer', 'Claiming an order');
  await releaseDue(pool);
  const values: unknown[] = [person.email, LEASE_MINUTES];
  const bind: Bind = (value) => `$${values.push(value)}`;
  const { key, direction } = queueOrders[query.sort];
  const { rows } = await pool.query<CaseRow>(
    `
    -- one row: the order that is now this person's
    with next as (
      select c.order_id
      from refunds.cases as c ${where(queueFilters({ ...query, status: 'queued' }, bind))}
      and c.is_open
      order by ${key} ${direction}, c.order_id ${direction}
      limit 1
      for update skip locked
    )
    update refunds.cases as c
    set status = 'claimed', assignee = $1, due_ts = clock_timestamp() + make_interval(mins => $2),
      changed_by = $1, changed_ts = clock_timestamp()
    from next
    where c.order_id = next.order_id
    returning ${caseRow.replaceAll(/\b(\w+)/g, 'c.$1')}`,
    values,
  );
  return rows[0] && readCase(rows[0]);
}
