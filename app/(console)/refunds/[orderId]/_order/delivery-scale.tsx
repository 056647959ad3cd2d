import { formatLateness, formatMinutes } from '#app/_ui/format.ts';
import type { Evidence } from '#lib/contract/refund.ts';

/** This delivery among the location's others; the figures below it say the same in text. */
export function DeliveryScale({ evidence }: { evidence: Evidence }) {
  const { minutes, p75, p99, marks } = layOutScale(evidence);
  return (
    <svg role="img" aria-label={describe(evidence)} className="h-16 w-full text-12">
      <rect y="26" height="8" width={`${p75}%`} className="fill-good/45" />
      <rect y="26" height="8" x={`${p75}%`} width={`${p99 - p75}%`} className="fill-warn/45" />
      <rect y="26" height="8" x={`${p99}%`} width={`${100 - p99}%`} className="fill-bad/45" />
      {marks.map((mark) => (
        <Mark key={mark.name} mark={mark} />
      ))}
      <line x1={`${minutes}%`} x2={`${minutes}%`} y1="20" y2="38" strokeWidth="3" className="stroke-ink" />
      <text
        x={`${minutes}%`}
        y="13"
        textAnchor={anchorAt(minutes)}
        className="numeric fill-ink font-semibold"
      >
        {formatMinutes(evidence.delivery_minutes)}
      </text>
    </svg>
  );
}

function Mark({ mark: { name, at, row } }: { mark: ScaleMark }) {
  return (
    <>
      <line x1={`${at}%`} x2={`${at}%`} y1="26" y2={row === 0 ? 38 : 50} className="stroke-line-strong" />
      <text x={`${at}%`} y={row === 0 ? 50 : 62} textAnchor={anchorAt(at)} className="numeric fill-ink-2">
        {name}
      </text>
    </>
  );
}

function anchorAt(percent: number): 'start' | 'middle' | 'end' {
  if (percent < 10) return 'start';
  return percent > 90 ? 'end' : 'middle';
}

function describe(evidence: Evidence): string {
  const over = formatLateness(evidence.delivery_minutes - evidence.p75_minutes);
  return `Delivered in ${formatMinutes(evidence.delivery_minutes)}, ${over} against the P75 of ${formatMinutes(evidence.p75_minutes)}`;
}

/** A percentile on the scale; `at` is in percent of its width, `row` keeps neighbours' names apart. */
type ScaleMark = { name: string; at: number; row: 0 | 1 };

const CLOSE = 9;

/** Places a delivery and its location's percentiles on a scale from 0; all in percent of the width. */
function layOutScale(evidence: Evidence) {
  const { delivery_minutes, p50_minutes, p75_minutes, p99_minutes } = evidence;
  const end = Math.max(p99_minutes * 1.12, delivery_minutes * 1.04, 1);
  const at = (minutes: number) => Math.min(Math.max((minutes / end) * 100, 0), 100);
  const named = [
    { name: 'P50', minutes: p50_minutes },
    { name: 'P75', minutes: p75_minutes },
    { name: 'P99', minutes: p99_minutes },
  ].flatMap(({ name, minutes }) => (minutes === null ? [] : [{ name, at: at(minutes) }]));
  return { minutes: at(delivery_minutes), p75: at(p75_minutes), p99: at(p99_minutes), marks: stagger(named) };
}

function stagger(marks: { name: string; at: number }[]): ScaleMark[] {
  const placed: ScaleMark[] = [];
  for (const mark of marks) {
    const before = placed.at(-1);
    const crowded = before !== undefined && before.row === 0 && mark.at - before.at < CLOSE;
    placed.push({ ...mark, row: crowded ? 1 : 0 });
  }
  return placed;
}
