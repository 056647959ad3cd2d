import { Card } from '#app/_ui/card.tsx';
import { Money } from '#app/_ui/money.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { describeAlternatives } from '#lib/contract/refund.ts';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';
import { describeOrigin } from '../../_parts/source-label.ts';
import { AgentNotes } from './agent-notes.tsx';
import { DeliveryScale } from './delivery-scale.tsx';
import { EvidenceFacts } from './evidence-facts.tsx';
import { Rescore } from './rescore.tsx';

/** What the scorer suggests, why, and the facts that it went by. */
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
