'use client';

import Link from 'next/link';
import { formatCount } from '#app/_ui/format.ts';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { paths } from '#app/paths.ts';
import { formatUsd } from '#lib/money.ts';
import type { RefundSummary } from '#lib/refunds/queue/index.ts';

/** The figures over all recommendations; each leads to the rows that it counts. */
export function Tiles({ summary, failed }: { summary: RefundSummary | undefined; failed: boolean }) {
  return (
    <ul className="grid grid-cols-2 gap-2 @[560px]:grid-cols-4">
      {listTiles(summary).map(({ label, figure, note, search }) => (
        <li key={label}>
          <Link href={paths.refunds(search)} className="block rounded-8 border bg-surface hover:bg-sunken">
            <Tile
              label={label}
              figure={figure ?? (failed ? '–' : undefined)}
              note={note ?? (failed ? 'not known just now' : undefined)}
            />
          </Link>
        </li>
      ))}
    </ul>
  );
}

function listTiles(summary: RefundSummary | undefined) {
  const on = <Value,>(read: (known: RefundSummary) => Value) => summary && read(summary);
  return [
    {
      label: 'Pending orders',
      figure: on((known) => formatCount(known.pending)),
      note: on((known) => `of ${formatCount(known.recommendations)} scored`),
      search: 'status=pending',
    },
    {
      label: 'Suggested, pending',
      figure: on((known) => formatUsd(known.pendingSuggestedCents)),
      note: on((known) => `of ${formatUsd(known.suggestedCents)} suggested`),
      search: 'status=pending&include_zero=false&sort=amount',
    },
    {
      label: 'Refunded',
      figure: on((known) => formatUsd(known.decidedCents)),
      note: on((known) => countOf(known.decisions, 'decision')),
      search: 'status=decided',
    },
    {
      label: 'Without an answer',
      figure: on((known) => formatCount(known.withoutAnswer)),
      note: on((known) => (known.withoutAnswer ? 'the scorer gave none' : 'every order is scored')),
      search: 'status=all&refund_class=unanswered',
    },
  ];
}

function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

type TileProps = { label: string; figure: string | undefined; note: string | undefined };

/** One figure and what it counts; undefined while it is not known yet. */
function Tile({ label, figure, note }: TileProps) {
  return (
    <span className="flex flex-col px-3 py-2">
      <span className="truncate text-12 text-ink-2">{label}</span>{' '}
      <span className="numeric flex h-7 items-center truncate text-20 font-semibold tracking-tight">
        {figure ?? <Skeleton className="h-5 w-20" />}
      </span>{' '}
      <span className="numeric flex h-4 items-center truncate text-12 text-ink-3">
        {note ?? <Skeleton className="h-3 w-24" />}
      </span>
    </span>
  );
}
