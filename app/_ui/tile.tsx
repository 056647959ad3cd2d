import { Skeleton } from './skeleton.tsx';

type TileProps = { label: string; figure: string | undefined; note: string | undefined };

/** One figure and what it counts; undefined while it is not known yet. */
export function Tile({ label, figure, note }: TileProps) {
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
