import { ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { paths, type SearchParams, toSearch } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { type QuarantineQuery, quarantineQuerySchema } from '#lib/contract/quarantine.ts';
import { type QuarantinePage, readQuarantinePage } from '#lib/pipeline/requests/screens.ts';
import { readOrExplain } from '../_parts/read-or-explain.ts';
import { BulkActions } from './_list/bulk-actions.tsx';
import { QuarantineFilters } from './_list/quarantine-filters.tsx';
import { QuarantineTable } from './_list/quarantine-table.tsx';

export const metadata = { title: 'Quarantine' };

const PAGE_SIZE = 50;
const DAY_MS = 86_400_000;

type PageProps = { searchParams: Promise<SearchParams> };

export default async function Page({ searchParams }: PageProps) {
  const params = await searchParams;
  const context = await requirePage('engineer', paths.quarantine(toSearch(params)));
  const query = quarantineQuerySchema.parse(params);
  const page = await readOrExplain(readQuarantinePage(context, toFilter(query)));
  return (
    <section aria-labelledby="quarantine-title" className="@container flex flex-col gap-3 p-3 xl:p-4">
      <div>
        <h1 id="quarantine-title" className="text-20 font-semibold tracking-tight">
          Quarantine
        </h1>
        <p className="text-13 text-ink-2">
          Records of the event files that break a rule. They are kept as they came and loaded into no table.{' '}
          <Link href={paths.tableHistory()} className="text-accent underline">
            History of the tables
          </Link>
        </p>
      </div>
      {typeof page === 'string' ? (
        <Notice tone="bad" title="The quarantine cannot be read">
          {page}
        </Notice>
      ) : (
        <>
          <QuarantineFilters query={query} counts={page.counts} />
          <Records query={query} page={page} />
        </>
      )}
    </section>
  );
}

/** The records that the address asks for: its days are inclusive and in UTC. */
function toFilter({ state, from, to, ...query }: QuarantineQuery) {
  return {
    ...query,
    all: state === 'all',
    from: from ? new Date(`${from}T00:00:00Z`) : undefined,
    to: to ? new Date(Date.parse(`${to}T00:00:00Z`) + DAY_MS) : undefined,
    limit: PAGE_SIZE,
  };
}

function Records({ query, page }: { query: QuarantineQuery; page: QuarantinePage }) {
  const { rows, counts, isPipelineRunning } = page;
  const last = rows.at(-1);
  const isFiltered = [query.rule, query.file, query.location, query.from, query.to].some(Boolean);
  if (rows.length === 0)
    return (
      <EmptyState icon={ShieldCheck} title={isFiltered ? 'No record fits' : 'No record is in quarantine'}>
        {isFiltered
          ? 'Take a filter away, or choose other days.'
          : 'Every record of the event files was loaded. A record that breaks a rule appears here with its reason.'}
      </EmptyState>
    );
  const narrowed = [query.file, query.location, query.from, query.to].some(Boolean);
  return (
    <>
      {query.rule && query.state === 'open' && !narrowed && (
        <BulkActions
          rule={query.rule}
          records={counts.find(({ rule }) => rule === query.rule)?.records ?? 0}
          isPipelineRunning={isPipelineRunning}
        />
      )}
      <QuarantineTable rows={rows} />
      {rows.length === PAGE_SIZE && last && (
        <Link
          href={paths.quarantine(toSearch({ ...toParams(query), before: String(last.id) }))}
          className={`self-center ${buttonClass()}`}
        >
          Older records
        </Link>
      )}
    </>
  );
}

function toParams({ before: _, ...query }: QuarantineQuery): SearchParams {
  return query;
}
