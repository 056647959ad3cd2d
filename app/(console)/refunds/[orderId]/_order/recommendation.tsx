import { Card } from '#app/_ui/card.tsx';
import { formatCount, formatInstant, formatLocation, formatMinutes } from '#app/_ui/format.ts';
import { Money } from '#app/_ui/money.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import {
  type AgentEvidence,
  describeAlternatives,
  type Evidence,
  type RefundClass,
} from '#lib/contract/refund.ts';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';
import { describeOrigin } from '../../_parts/source-label.ts';
import { DeliveryScale } from './delivery-scale.tsx';
import { Rescore } from './rescore.tsx';

/** What the scorer suggests, why, and on which facts. */
export function Recommendation({ recommendation }: { recommendation: QueueItem | undefined }) {
  if (!recommendation)
    return (
      <Card title="Recommendation">
        <Notice tone="info" title="This order has no recommendation yet">
          It gets one within seconds of its delivery, once the recommender and the sync run. Then it can be
          decided.
        </Notice>
      </Card>
    );
  const { suggestion } = recommendation;
  const alternatives = describeAlternatives(suggestion.evidence);
  return (
    <Card title="Recommendation" aside={<Origin suggestion={suggestion} />}>
      <div className="flex flex-col gap-4">
        <div className="flex flex-col gap-1">
          <p className="flex items-center gap-3">
            {suggestion.refundCents !== null && (
              <Money cents={suggestion.refundCents} className="text-28 font-semibold tracking-tight" />
            )}
            <ClassBadge refundClass={suggestion.refundClass} />
          </p>
          <p className="text-14 text-ink-2">{suggestion.reason}</p>
        </div>
        {suggestion.evidence.outcome === undefined && <DeliveryScale evidence={suggestion.evidence} />}
        <EvidenceFacts evidence={suggestion.evidence} />
        {alternatives && <p className="text-13 text-ink-2">It would have been {alternatives}.</p>}
        {suggestion.evidence.agent && <AgentNotes agent={suggestion.evidence.agent} />}
        <Rescore orderId={recommendation.orderId} />
      </div>
    </Card>
  );
}

function Origin({ suggestion }: { suggestion: QueueItem['suggestion'] }) {
  return (
    <p className="text-12 text-ink-3">
      {describeOrigin(suggestion)} · scored <TimeAgo at={suggestion.scoredTs} />
    </p>
  );
}

/** The figures behind a recommendation, and the deliveries they were measured on. */
function EvidenceFacts({ evidence }: { evidence: Evidence }) {
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

/** The model's answer beside the policy's, and where it was clamped. */
function AgentNotes({ agent }: { agent: AgentEvidence }) {
  const { model_answer: model, policy_answer: policy, flags, code } = agent;
  return (
    <div className="flex flex-col gap-2">
      <dl className="grid grid-cols-2 gap-2">
        <Answer name="The policy says" refundClass={policy.refund_class} usd={policy.refund_usd} />
        {model && <Answer name="The model said" refundClass={model.refund_class} usd={model.refund_usd} />}
      </dl>
      {!model && (
        <Notice tone="warn" title="The model gave no answer">
          What it did instead: {code ?? 'nothing'}. {agent.requests}{' '}
          {agent.requests === 1 ? 'request' : 'requests'} were made.
        </Notice>
      )}
      {flags.includes('clamped_to_policy') && (
        <Notice tone="warn" title="Held to the policy’s bounds">
          The model’s amount lies outside of the ${agent.min_usd} to ${agent.max_usd} that its grounds allow
          and was brought back.
        </Notice>
      )}
    </div>
  );
}

function Answer({ name, refundClass, usd }: { name: string; refundClass: RefundClass; usd: string }) {
  return (
    <div>
      <dt className="text-12 text-ink-3">{name}</dt>
      <dd className="numeric flex items-center gap-2 text-13">
        ${usd} <ClassBadge refundClass={refundClass} />
      </dd>
    </div>
  );
}
