import { TriangleAlert } from 'lucide-react';
import { cx } from '#app/_ui/cx.ts';
import { formatDuration } from '#app/_ui/format.ts';
import type { PhaseTimings, Timeline } from '#lib/orders/index.ts';

type Phase = Timeline['phases'][number];
type PhaseTiming = NonNullable<PhaseTimings[Phase['names'][number]]>;

type PhaseBarsProps = { phases: Phase[]; timings: PhaseTimings };

/**
 * The phases of an order from top to bottom, each where it lies in the whole. The marks on a row are where the
 * phase ends at its location's P50 and P75; a phase beyond its P75 stands out.
 */
export function PhaseBars({ phases, timings }: PhaseBarsProps) {
  const start = Date.parse(phases[0]?.fromTs ?? '');
  const end = Math.max(...phases.map((phase) => Date.parse(phase.toTs ?? phase.fromTs)));
  const share = (at: number) => ((at - start) / Math.max(end - start, 1)) * 100;
  return (
    <ol aria-label="Phases" className="flex flex-col gap-2">
      {phases.map((phase) => (
        <PhaseRow
          key={phase.fromTs + phase.label}
          phase={phase}
          timing={phase.names.length === 1 && phase.names[0] ? timings[phase.names[0]] : undefined}
          share={share}
        />
      ))}
    </ol>
  );
}

type PhaseRowProps = { phase: Phase; timing: PhaseTiming | undefined; share(at: number): number };

function PhaseRow({ phase, timing, share }: PhaseRowProps) {
  const from = Date.parse(phase.fromTs);
  const slow = timing !== undefined && phase.minutes !== null && phase.minutes > timing.p75;
  const marks = timing ? [timing.p50, timing.p75].map((minutes) => share(from + minutes * 60_000)) : [];
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 gap-y-0.5 sm:grid-cols-[8.5rem_minmax(0,1fr)_13.5rem]">
      <span className="text-12 text-ink-2">{phase.label}</span>
      <span className="order-3 col-span-2 sm:order-none sm:col-span-1">
        <Bar
          from={share(from)}
          to={share(Date.parse(phase.toTs ?? phase.fromTs))}
          marks={marks}
          slow={slow}
        />
      </span>
      <span className="numeric flex items-center justify-end gap-1.5 text-12 whitespace-nowrap">
        {slow && <TriangleAlert aria-hidden size={12} className="text-warn" />}
        {phase.minutes === null ? 'under way' : formatDuration(phase.minutes * 60)}
        {timing && <Usual timing={timing} slow={slow} />}
      </span>
    </li>
  );
}

function Usual({ timing, slow }: { timing: PhaseTiming; slow: boolean }) {
  return (
    <span
      className={cx('shrink-0', slow ? 'text-warn' : 'text-ink-3')}
      title={`P50 ${formatDuration(timing.p50 * 60)}, P75 ${formatDuration(timing.p75 * 60)}, over ${timing.deliveries} deliveries`}
    >
      {slow && <span className="sr-only">over</span>} P75 {formatDuration(timing.p75 * 60)}
    </span>
  );
}

type BarProps = { from: number; to: number; marks: number[]; slow: boolean };

function Bar({ from, to, marks, slow }: BarProps) {
  return (
    <svg aria-hidden="true" className="block h-2.5 w-full overflow-hidden rounded-full bg-sunken">
      <rect
        x={`${from}%`}
        width={`${Math.max(to - from, 0.8)}%`}
        height="100%"
        rx="4"
        className={slow ? 'fill-warn' : 'fill-accent'}
      />
      {marks.map((at) => (
        <line
          key={at}
          x1={`${at}%`}
          x2={`${at}%`}
          y1="0"
          y2="100%"
          strokeWidth="1.5"
          className="stroke-line-strong"
        />
      ))}
    </svg>
  );
}
