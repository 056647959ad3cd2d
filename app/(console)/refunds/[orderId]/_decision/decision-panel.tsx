'use client';

import { Card } from '#app/_ui/card.tsx';
import type { Cents } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/can-decide.ts';
import type { ApprovalRequest, Decision, Suggestion } from '#lib/refunds/types.ts';
import { Decided } from './decided.tsx';
import { DecisionForm } from './decision-form.tsx';
import { Reversed } from './reversed.tsx';
import { TakeBack } from './take-back.tsx';
import { useDecision } from './use-decision.ts';
import { Waiting } from './waiting.tsx';

type DecisionPanelProps = {
  orderId: string;
  totalCents: Cents;
  suggestion: Suggestion | null;
  standing: Decision | null;
  approval: ApprovalRequest | null;
  permission: Permission;
  /** Who looks, and whether they may do what a lead may. */
  viewer: { email: string; isLead: boolean };
};

/** The form that decides an order, what waits for a second person, or the decision that stands. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { orderId, totalCents, suggestion, standing, approval, permission, viewer } = props;
  const basis = { totalCents, suggestion };
  const decision = useDecision(orderId, basis);
  const { state, reload } = decision;
  const waiting = state.waiting ?? approval;
  const decided = state.decided ?? (state.failure ? null : standing);
  if (waiting)
    return (
      <Card title="Decision">
        <Waiting approval={waiting} viewer={viewer} onSettled={reload} />
      </Card>
    );
  if (decided?.kind === 'decision')
    return (
      <Card title="Decision">
        <Decided decision={decided} justNow={state.decided !== undefined} />
        <TakeBack decision={decided} viewer={viewer} onTaken={reload} />
      </Card>
    );
  return (
    <Card title="Decision">
      {decided?.kind === 'reversal' && <Reversed reversal={decided} />}
      <DecisionForm {...decision} orderId={orderId} basis={basis} permission={permission} />
    </Card>
  );
}
