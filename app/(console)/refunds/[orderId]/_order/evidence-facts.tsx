import { formatCount, formatLocation, formatMinutes } from '#app/_ui/format.ts';
import { formatInstant } from '#app/_ui/time.ts';
import type { Evidence } from '#lib/contract/refund.ts';

/** The figures behind a recommendation, and what they were measured on. */
export function EvidenceFacts({ evidence }: { evidence: Evidence }) {
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-4 gap-2">
        {listFigures(evidence).map(([name, minutes]) => (
          <div key={name}>
            <dt className="text-12 text-ink-3">{name}</dt>
            <dd className="numeric text-13">{minutes === null ? 'not known' : formatMinutes(minutes)}</dd>
          </div>
        ))}
      </dl>
      <p className="text-12 text-ink-3" title={describeWindow(evidence)}>
        {describeBenchmark(evidence)}{' '}
        <a href="#card-timeline" className="text-accent underline">
          How the time went
        </a>
      </p>
    </div>
  );
}

function listFigures(evidence: Evidence): [string, number | null][] {
  return [
    [evidence.outcome ? 'Waited' : 'This order', evidence.delivery_minutes],
    ['P50', evidence.p50_minutes],
    ['P75', evidence.p75_minutes],
    ['P99', evidence.p99_minutes],
  ];
}

function describeBenchmark({ benchmark_source, sample_size, location }: Evidence): string {
  const deliveries = `${formatCount(sample_size)} deliveries of ${formatLocation(location)}`;
  switch (benchmark_source) {
    case 'trailing_day':
      return `Measured on ${deliveries} in the 24 hours before this one.`;
    case 'trailing_week':
      return `Measured on ${deliveries} in the 7 days before this one: the last day had too few.`;
    case 'service_level':
      return 'Held against the fixed service level: the location had too few deliveries to measure.';
    default:
      return benchmark_source satisfies never;
  }
}

function describeWindow({ window_from, window_to }: Evidence): string | undefined {
  return window_from && window_to ? `${formatInstant(window_from)} – ${formatInstant(window_to)}` : undefined;
}
