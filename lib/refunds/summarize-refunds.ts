import type { Database } from '#db/client.ts';
import { prepared } from '#db/prepared.ts';
import { type CaseStatus, caseStatuses, isOpen } from '#lib/contract/case.ts';
import type { RefundClass } from '#lib/contract/refund.ts';
import { type Cents, centsFromNumeric } from '#lib/money.ts';
import type { RefundSummary } from './types.ts';

type Sums = { n: number; suggested_usd: string; decided_usd: string };
type Kind = Sums & {
  status: CaseStatus;
  refund_class: RefundClass | null;
  decided_class: RefundClass | null;
};
type Place = Sums & { status: null; location: string | null };

const SUMMARY = `
-- one row per status, suggested and decided class, and one per location, both from one reading of the counters
select
  status, refund_class, decided_class, location, sum(n)::integer as n, sum(suggested_usd) as suggested_usd,
  sum(decided_usd) as decided_usd
from refunds.tallies
group by grouping sets ((status, refund_class, decided_class), (location))`;

/** The figures above the queue, over all recommendations and all decisions that stand; as quick at any size. */
export async function summarizeRefunds({ pool }: Pick<Database, 'pool'>): Promise<RefundSummary> {
  const { rows } = await pool.query<Kind | Place>(prepared(SUMMARY));
  const kinds = rows.filter((row) => row.status !== null);
  const locations = rows.flatMap((row) =>
    row.status === null && row.location !== null && row.n > 0 ? [row.location] : [],
  );
  const count = (admits: (kind: Kind) => boolean) =>
    kinds.reduce((sum, kind) => (admits(kind) ? sum + kind.n : sum), 0);
  const open = kinds.filter(({ status }) => isOpen(status));
  return {
    recommendations: count(() => true),
    pending: count(({ status }) => isOpen(status)),
    pendingSuggestedCents: addUsd(open, 'suggested_usd'),
    suggestedCents: addUsd(kinds, 'suggested_usd'),
    suggestionsByClass: mapClasses((each) => count(({ refund_class }) => refund_class === each)),
    withoutAnswer: count(({ refund_class }) => refund_class === null),
    decisions: count(({ status }) => !isOpen(status)),
    decidedCents: addUsd(kinds, 'decided_usd'),
    decisionsByClass: mapClasses((each) => count(({ decided_class }) => decided_class === each)),
    locations: locations.toSorted(),
    byStatus: mapStatuses((each) => count(({ status }) => status === each)),
  };
}

function addUsd(kinds: Kind[], column: 'suggested_usd' | 'decided_usd'): Cents {
  return kinds.reduce((sum, kind) => sum + centsFromNumeric(kind[column]), 0);
}

function mapClasses(count: (refundClass: RefundClass) => number): Record<RefundClass, number> {
  return { none: count('none'), partial: count('partial'), full: count('full') };
}

function mapStatuses(count: (status: CaseStatus) => number): Record<CaseStatus, number> {
  return Object.fromEntries(caseStatuses.map((status) => [status, count(status)])) as Record<
    CaseStatus,
    number
  >;
}
