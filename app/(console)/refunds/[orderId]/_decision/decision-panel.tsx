'use client';

import { Card } from '#app/_ui/card.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { type Cents, formatUsd } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/can-decide.ts';
import type { Decision, Suggestion } from '#lib/refunds/types.ts';
import { Decided } from './decided.tsx';
import { DecisionForm } from './decision-form.tsx';
import { useDecision } from './use-decision.ts';

type DecisionPanelProps = {
  orderId: string;
  totalCents: Cents;
  suggestion: Suggestion | null;
  standing: Decision | null;
  permission: Permission;
};

/** The form that decides an order, or the decision that stands. */
export function DecisionPanel({ orderId, totalCents, suggestion, standing, permission }: DecisionPanelProps) {
  const basis = { totalCents, suggestion };
  const decision = useDecision(orderId, basis);
  const decided = decision.state.decided ?? (decision.state.failure ? null : standing);
  return (
    <Card title="Decision">
      {decision.state.waiting ? (
        <Waiting amountCents={decision.state.waiting.amountCents} />
      ) : decided ? (
        <Decided decision={decided} justNow={decision.state.decided !== undefined} />
      ) : (
        <DecisionForm {...decision} orderId={orderId} basis={basis} permission={permission} />
      )}
    </Card>
  );
}

function Waiting({ amountCents }: { amountCents: Cents }) {
  return (
    <Notice tone="warn" title="This waits for a second person">
      A refund of {formatUsd(amountCents)} is above the limit. Nothing is refunded until a lead approves it.
    </Notice>
  );
}
