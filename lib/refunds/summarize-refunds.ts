import type { Database } from '#db/client.ts';
import { centsFromNumeric } from '#lib/money.ts';
import type { RefundSummary } from './types.ts';

type SummaryRow = Record<
  | 'recommendations'
  | 'pending'
  | 'none_suggested'
  | 'partial_suggested'
  | 'full_suggested'
  | 'without_answer'
  | 'decisions'
  | 'none_decided'
  | 'partial_decided'
  | 'full_decided',
  number
> &
  Record<'pending_suggested_usd' | 'suggested_usd' | 'decided_usd', string> & { locations: string[] };

const SUMMARY = `
-- one row: the figures above the queue
with recursive tallies as (
  select
    r.refund_class, d.order_id is not null as is_decided, count(*) as n, coalesce(sum(r.refund_usd), 0) as usd
  from recommender.pg_recommendations as r
  left join refunds.standing_decisions as d on d.order_id = r.order_id
  group by 1, 2
),
suggested as (
  select
    coalesce(sum(n), 0)::integer as recommendations,
    coalesce(sum(n) filter (where not is_decided), 0)::integer as pending,
    coalesce(sum(n) filter (where refund_class = 'none'), 0)::integer as none_suggested,
    coalesce(sum(n) filter (where refund_class = 'partial'), 0)::integer as partial_suggested,
    coalesce(sum(n) filter (where refund_class = 'full'), 0)::integer as full_suggested,
    coalesce(sum(n) filter (where refund_class is null), 0)::integer as without_answer,
    coalesce(sum(usd), 0) as suggested_usd,
    coalesce(sum(usd) filter (where not is_decided), 0) as pending_suggested_usd
  from tallies
),
decided as (
  select
    count(*)::integer as decisions,
    count(*) filter (where refund_class = 'none')::integer as none_decided,
    count(*) filter (where refund_class = 'partial')::integer as partial_decided,
    count(*) filter (where refund_class = 'full')::integer as full_decided,
    coalesce(sum(amount_usd), 0) as decided_usd
  from refunds.standing_decisions
),
-- each step finds the next location in the index instead of reading every row
places as (
  select min(location) as location from recommender.pg_recommendations
  union all
  select (select min(r.location) from recommender.pg_recommendations as r where r.location > places.location)
  from places
  where places.location is not null
)
select
  suggested.*, decided.*,
  array(select location from places where location is not null) as locations
from suggested cross join decided`;

/** The figures above the queue: over all recommendations, and over the decisions that stand. */
export async function summarizeRefunds({ pool }: Pick<Database, 'pool'>): Promise<RefundSummary> {
  const { rows } = await pool.query<SummaryRow>(SUMMARY);
  const [row] = rows;
  if (!row) throw new RangeError('an aggregate without a row');
  return {
    recommendations: row.recommendations,
    pending: row.pending,
    pendingSuggestedCents: centsFromNumeric(row.pending_suggested_usd),
    suggestedCents: centsFromNumeric(row.suggested_usd),
    suggestionsByClass: {
      none: row.none_suggested,
      partial: row.partial_suggested,
      full: row.full_suggested,
    },
    withoutAnswer: row.without_answer,
    decisions: row.decisions,
    decidedCents: centsFromNumeric(row.decided_usd),
    decisionsByClass: { none: row.none_decided, partial: row.partial_decided, full: row.full_decided },
    locations: row.locations,
  };
}
