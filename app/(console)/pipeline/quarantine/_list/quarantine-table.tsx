import Link from 'next/link';
import { Badge, type Tone } from '#app/_ui/badge.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { paths } from '#app/paths.ts';
import type { QuarantinedRow } from '#lib/pipeline/requests/screens.ts';

const tones: Record<QuarantinedRow['state'], Tone> = {
  open: 'warn',
  requested: 'accent',
  replayed: 'good',
  'already stored': 'good',
  dropped: 'neutral',
};

export function StateBadge({ state }: { state: QuarantinedRow['state'] }) {
  return <Badge tone={tones[state]}>{state[0]?.toUpperCase() + state.slice(1)}</Badge>;
}

const columns = ['Record', 'Rule', 'Reason', 'File', 'Location', 'Since', 'State'];

/** One row per record, newest first; where there is no room for a table, one below the other. */
export function QuarantineTable({ rows }: { rows: QuarantinedRow[] }) {
  return (
    <>
      <section
        aria-label="Records"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways where there is no room
        tabIndex={0}
        className="hidden overflow-x-auto rounded-8 border bg-surface @[860px]:block"
      >
        <table className="w-full text-13">
          <thead>
            <tr>
              {columns.map((name) => (
                <th
                  key={name}
                  scope="col"
                  className="border-b px-3 py-2 text-left text-12 font-medium text-ink-2"
                >
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y">
            {rows.map((row) => (
              <TableRow key={row.id} row={row} />
            ))}
          </tbody>
        </table>
      </section>
      <RecordList rows={rows} />
    </>
  );
}

function TableRow({ row }: { row: QuarantinedRow }) {
  return (
    <tr className="align-top">
      <td className="numeric px-3 py-2">
        <RecordLink id={row.id} />
      </td>
      <td className="px-3 py-2 whitespace-nowrap">{row.rule}</td>
      <td className="max-w-100 px-3 py-2 break-words">
        <span className="line-clamp-2">{row.reason}</span>
      </td>
      <td className="max-w-60 px-3 py-2 break-all text-ink-2">
        {row.file}:{row.line}
      </td>
      <td className="px-3 py-2">{row.location ?? '–'}</td>
      <td className="px-3 py-2 whitespace-nowrap text-ink-2">
        <TimeAgo at={row.quarantinedAt} />
      </td>
      <td className="px-3 py-2">
        <StateBadge state={row.state} />
      </td>
    </tr>
  );
}

function RecordList({ rows }: { rows: QuarantinedRow[] }) {
  return (
    <ul aria-label="Records" className="divide-y rounded-8 border bg-surface @[860px]:hidden">
      {rows.map((row) => (
        <li key={row.id} className="flex flex-col gap-1 px-3 py-2 text-13">
          <p className="flex items-center justify-between gap-2">
            <span>
              <RecordLink id={row.id} /> {row.rule}
            </span>
            <StateBadge state={row.state} />
          </p>
          <p className="line-clamp-2 break-words">{row.reason}</p>
          <p className="text-12 break-all text-ink-3">
            {row.location ?? '–'} · {row.file}:{row.line} · <TimeAgo at={row.quarantinedAt} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function RecordLink({ id }: { id: number }) {
  return (
    <Link
      href={paths.quarantinedRecord(id)}
      aria-label={`Record ${id}`}
      className="font-medium text-accent underline"
    >
      {id}
    </Link>
  );
}
