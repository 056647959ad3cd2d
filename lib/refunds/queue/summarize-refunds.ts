import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { integer, nullable, oneOf, type RowOf, text, usd } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { type CaseStatus, caseStatuses, isOpen } from '#lib/contract/case.ts';
import { type RefundClass, refundClasses } from '#lib/contract/refund.ts';
import type { Cents } from '#lib/money.ts';

/** The figures above the queue, over all recommendations. */
export type RefundSummary = {
  recommendations: number;
  pending: number;
  pendingSuggestedCents: Cents;
  suggestedCents: Cents;
  suggestionsByClass: Record<RefundClass, number>;
  withoutAnswer: number;
  decisions: number;
  decidedCents: Cents;
  decisionsByClass: Record<RefundClass, number>;
  locations: string[];
  byStatus: Record<CaseStatus, number>;
};

const tallyColumns = {
  /** Null in the rows by location. */
  status: nullable(oneOf(caseStatuses)),
  refundClass: nullable(oneOf(refundClasses)),
  decidedClass: nullable(oneOf(refundClasses)),
  location: nullable(text),
  n: integer,
  suggestedUsd: usd,
  decidedUsd: usd,
};
type Tally = RowOf<typeof tallyColumns>;

const selectTallies = statement({
  returns: tallyColumns,
  sql: () => sql`
    -- one row per status, suggested and decided class, and one per location, both from one pass over the tallies
    select
      status, refund_class, decided_class, location, sum(n)::integer as n, sum(suggested_usd) as suggested_usd,
      sum(decided_usd) as decided_usd
    from refunds.tallies
    group by grouping sets ((status, refund_class, decided_class), (location))`,
});

/** The figures over all recommendations and all current decisions; equally fast at any size. */
export async function summarizeRefunds({ pool }: Pick<Database, 'pool'>): Promise<RefundSummary> {
  const tallies = await selectTallies(pool, {});
  const kinds = tallies.flatMap((tally) =>
    tally.status === null ? [] : [{ ...tally, status: tally.status }],
  );
  const count = (admits: (kind: (typeof kinds)[number]) => boolean) =>
    kinds.reduce((sum, kind) => (admits(kind) ? sum + kind.n : sum), 0);
  const open = kinds.filter(({ status }) => isOpen(status));
  return {
    recommendations: count(() => true),
    pending: count(({ status }) => isOpen(status)),
    pendingSuggestedCents: sum(open, 'suggestedUsd'),
    suggestedCents: sum(kinds, 'suggestedUsd'),
    suggestionsByClass: mapClasses((each) => count(({ refundClass }) => refundClass === each)),
    withoutAnswer: count(({ refundClass }) => refundClass === null),
    decisions: count(({ status }) => !isOpen(status)),
    decidedCents: sum(kinds, 'decidedUsd'),
    decisionsByClass: mapClasses((each) => count(({ decidedClass }) => decidedClass === each)),
    locations: listLocations(tallies),
    byStatus: mapStatuses((each) => count(({ status }) => status === each)),
  };
}

function sum(kinds: Tally[], column: 'suggestedUsd' | 'decidedUsd'): Cents {
  return kinds.reduce((cents, kind) => cents + kind[column], 0);
}

function listLocations(tallies: Tally[]): string[] {
  return tallies
    .flatMap(({ status, location, n }) => (status === null && location !== null && n > 0 ? [location] : []))
    .toSorted();
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
