import { History } from 'lucide-react';
import Link from 'next/link';
import { z } from 'zod';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { paths, type SearchParams, toSearch } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { readTableHistory, type TableVersion } from '#lib/pipeline/requests/screens.ts';
import { readOrExplain } from '../_parts/read-or-explain.ts';

export const metadata = { title: 'History of the tables' };

const PAGE_SIZE = 50;
const querySchema = z.object({
  table: z.string().min(1).max(100).catch('all_events'),
  before: z.coerce.number().int().min(1).optional().catch(undefined),
});

export default async function Page({ searchParams }: { searchParams: Promise<SearchParams> }) {
  const params = await searchParams;
  const context = await requirePage('engineer', paths.tableHistory(toSearch(params)));
  const query = querySchema.parse(params);
  const found = await readOrExplain(readTableHistory(context, { ...query, limit: PAGE_SIZE }));
  return (
    <section aria-labelledby="history-title" className="flex flex-col gap-3 p-3 xl:p-4">
      <Link href={paths.quarantine()} className="self-start text-13 text-accent underline">
        Quarantine
      </Link>
      <h1 id="history-title" className="text-20 font-semibold tracking-tight">
        History of {query.table}
      </h1>
      {typeof found === 'string' ? (
        <Notice tone="bad" title="The history cannot be read">
          {found}
        </Notice>
      ) : (
        <>
          <TableChoice table={query.table} tables={found.tables} />
          <Versions table={query.table} versions={found.versions} />
        </>
      )}
    </section>
  );
}

function TableChoice({ table, tables }: { table: string; tables: string[] }) {
  const names = tables.includes(table) ? tables : [table, ...tables];
  return (
    <form method="get" action={paths.tableHistory()} key={table} className="flex flex-wrap items-end gap-2">
      <label className="flex flex-col gap-1 text-12 font-medium text-ink-2">
        Table
        <select
          name="table"
          defaultValue={table}
          className="h-8 rounded-8 border border-line-strong bg-surface px-2 text-13"
        >
          {names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <Button type="submit">Show</Button>
    </form>
  );
}

const columns = [
  ['version', 'version'],
  ['timestamp', 'timestamp'],
  ['userName', 'user_name'],
  ['operation', 'operation'],
  ['operationParameters', 'operation_parameters'],
  ['operationMetrics', 'operation_metrics'],
] as const;

function Versions({ table, versions }: { table: string; versions: TableVersion[] }) {
  const last = versions.at(-1);
  if (!last)
    return (
      <EmptyState icon={History} title="This table has no history">
        Choose another table, or go back to its newest versions.
      </EmptyState>
    );
  return (
    <>
      <section
        aria-label="Versions"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is no room
        tabIndex={0}
        className="overflow-x-auto rounded-8 border bg-surface"
      >
        <table className="w-full min-w-220 text-13">
          <thead>
            <tr>
              {columns.map(([name, ours]) => (
                <th key={name} scope="col" className="border-b px-3 py-2 text-left text-12 font-medium">
                  {name}
                  {name !== ours && <span className="block font-normal text-ink-3">{ours}</span>}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {versions.map((version) => (
              <Version key={version.version} version={version} />
            ))}
          </tbody>
        </table>
      </section>
      {versions.length === PAGE_SIZE && (
        <Link
          href={paths.tableHistory(toSearch({ table, before: String(last.version) }))}
          className={`self-center ${buttonClass()}`}
        >
          Older versions
        </Link>
      )}
    </>
  );
}

function Version({ version }: { version: TableVersion }) {
  return (
    <tr className="align-top">
      <th scope="row" className="numeric px-3 py-2 text-left font-medium">
        {version.version}
      </th>
      <td className="px-3 py-2 whitespace-nowrap">
        <TimeAgo at={version.timestamp} />
      </td>
      <td className="px-3 py-2">{version.userName}</td>
      <td className="px-3 py-2">{version.operation}</td>
      <td className="max-w-80 px-3 py-2 font-mono text-12 break-words">
        {JSON.stringify(version.operationParameters)}
      </td>
      <td className="max-w-80 px-3 py-2 font-mono text-12 break-words">
        {JSON.stringify(version.operationMetrics)}
      </td>
    </tr>
  );
}
