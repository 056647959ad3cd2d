import { formatLateness, formatMinutes } from '#app/_ui/format.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import { layOutScale, type ScaleMark } from './lay-out-scale.ts';

/** Where this delivery lies among the location's others. The figures below it say the same in text. */
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
