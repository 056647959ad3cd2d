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
with suggested as (
  select
    count(*)::integer as recommendations,
    count(*) filter (where d.order_id is null)::integer as pending,
    count(*) filter (where r.refund_class = 'none')::integer as none_suggested,
    count(*) filter (where r.refund_class = 'partial')::integer as partial_suggested,
    count(*) filter (where r.refund_class = 'full')::integer as full_suggested,
    count(*) filter (where r.refund_class is null)::integer as without_answer,
    coalesce(sum(r.refund_usd), 0) as suggested_usd,
    coalesce(sum(r.refund_usd) filter (where d.order_id is null), 0) as pending_suggested_usd,
    coalesce(array_agg(distinct r.location) filter (where r.location is not null), '{}') as locations
  from recommender.pg_recommendations as r
  left join refunds.standing_decisions as d on d.order_id = r.order_id
),
decided as (
  select
    count(*)::integer as decisions,
    count(*) filter (where refund_class = 'none')::integer as none_decided,
    count(*) filter (where refund_class = 'partial')::integer as partial_decided,
    count(*) filter (where refund_class = 'full')::integer as full_decided,
    coalesce(sum(amount_usd), 0) as decided_usd
  from refunds.standing_decisions
)
select * from suggested cross join decided`;

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
