import type { Database } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { type CaseStatus, caseStatuses } from '#lib/contract/case.ts';
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
  Record<'pending_suggested_usd' | 'suggested_usd' | 'decided_usd', string> & {
    locations: string[];
    by_status: Partial<Record<CaseStatus, number>>;
  };

const SUMMARY = `
-- one row: the figures above the queue, added up from the counters
with tallies as (
  select *, status not in ('decided', 'reversed') as is_open from refunds.tallies
)
select
  coalesce(sum(n), 0)::integer as recommendations,
  coalesce(sum(n) filter (where is_open), 0)::integer as pending,
  coalesce(sum(n) filter (where refund_class = 'none'), 0)::integer as none_suggested,
  coalesce(sum(n) filter (where refund_class = 'partial'), 0)::integer as partial_suggested,
  coalesce(sum(n) filter (where refund_class = 'full'), 0)::integer as full_suggested,
  coalesce(sum(n) filter (where refund_class is null), 0)::integer as without_answer,
  coalesce(sum(suggested_usd), 0) as suggested_usd,
  coalesce(sum(suggested_usd) filter (where is_open), 0) as pending_suggested_usd,
  coalesce(sum(n) filter (where not is_open), 0)::integer as decisions,
  coalesce(sum(n) filter (where decided_class = 'none'), 0)::integer as none_decided,
  coalesce(sum(n) filter (where decided_class = 'partial'), 0)::integer as partial_decided,
  coalesce(sum(n) filter (where decided_class = 'full'), 0)::integer as full_decided,
  coalesce(sum(decided_usd), 0) as decided_usd,
  array(
    select location from refunds.tallies where location is not null group by location having sum(n) > 0 order by 1
  ) as locations,
  (
    select coalesce(jsonb_object_agg(status, n), '{}')
    from (select status, sum(n) as n from refunds.tallies group by status) as by_status
  ) as by_status
from tallies`;

/** The figures above the queue, over all recommendations and all decisions that stand; as quick at any size. */
export async function summarizeRefunds({ pool }: Pick<Database, 'pool'>): Promise<RefundSummary> {
  const { rows } = await pool.query<SummaryRow>(prepared(SUMMARY));
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
    byStatus: mapStatuses((status) => row.by_status[status] ?? 0),
  };
}

function mapStatuses(count: (status: CaseStatus) => number): Record<CaseStatus, number> {
  return Object.fromEntries(caseStatuses.map((status) => [status, count(status)])) as Record<
    CaseStatus,
    number
  >;
}
