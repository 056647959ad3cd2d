import { sql } from 'drizzle-orm/sql';
import type { Connection, Pool } from '#db/client.ts';
import { json, oneOf, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { OrderFacts } from '#lib/contract/refund.ts';

/** What changed since: the first suggestion, the request for approval that waits, or the current decision. */
export const factsChangeSubjects = ['suggestion', 'request', 'decision'] as const;
export type FactsChange = {
  since: (typeof factsChangeSubjects)[number];
  before: OrderFacts;
  after: OrderFacts;
};

const selectChange = statement({
  params: { orderId: text },
  returns: {
    since: oneOf(factsChangeSubjects),
    before: json<OrderFacts>(),
    after: json<OrderFacts>(),
  },
  sql: ({ orderId }) => sql`
    -- at most one row
    select since, before, r.facts as after
    from recommender.pg_recommendations as r
    left join refunds.cases as c on c.order_id = r.order_id
    cross join lateral (
      select 'decision' as since, d.source_suggestion -> 'facts' as before
      from refunds.refund_decisions as d
      where c.status = 'decided' and d.id = c.decision_id
      union all
      select 'request', request.source_suggestion -> 'facts'
      from refunds.approval_requests as request
      where c.status = 'pending_approval' and request.id = (
        select max(id) from refunds.approval_requests where order_id = ${orderId}
      )
      union all
      select 'suggestion', r.previous_facts
      where c.status is null or c.status not in ('decided', 'pending_approval')
    ) as basis
    where r.order_id = ${orderId} and before <> 'null' and before <> r.facts`,
});

/** How the facts of an order have changed since it was decided, requested or first scored; undefined where they have not. */
export async function getFactsChange(
  connection: Pool | Connection,
  orderId: string,
): Promise<FactsChange | undefined> {
  const [change] = await selectChange(connection, { orderId });
  return change;
}
