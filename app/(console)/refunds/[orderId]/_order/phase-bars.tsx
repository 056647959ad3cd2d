import { formatDuration } from '#app/_ui/format.ts';
import type { Phase } from '#lib/orders/measure-phases.ts';

/** The phases of an order from top to bottom, each where it lies in the whole. */
export function PhaseBars({ phases }: { phases: Phase[] }) {
  const start = Date.parse(phases[0]?.fromTs ?? '');
  const end = Math.max(...phases.map((phase) => Date.parse(phase.toTs ?? phase.fromTs)));
  const share = (ts: string) => ((Date.parse(ts) - start) / Math.max(end - start, 1)) * 100;
  return (
    <ol aria-label="Phases" className="flex flex-col gap-1.5">
      {phases.map((phase) => (
        <li
          key={phase.fromTs + phase.label}
          className="grid grid-cols-[9rem_minmax(0,1fr)_5rem] items-center gap-2"
        >
          <span className="text-12 text-ink-2">{phase.label}</span>
          <Bar from={share(phase.fromTs)} to={share(phase.toTs ?? phase.fromTs)} />
          <span className="numeric text-right text-12">
            {phase.minutes === null ? 'under way' : formatDuration(phase.minutes * 60)}
          </span>
        </li>
      ))}
    </ol>
  );
}

function Bar({ from, to }: { from: number; to: number }) {
  return (
    <svg aria-hidden="true" className="h-2.5 w-full overflow-hidden rounded-full bg-sunken">
      <rect
        x={`${from}%`}
        width={`${Math.max(to - from, 0.8)}%`}
        height="100%"
        rx="4"
        className="fill-accent"
      />
    </svg>
  );
}
