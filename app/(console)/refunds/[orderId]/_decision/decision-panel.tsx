'use client';

import { Card } from '#app/_ui/card.tsx';
import type { Cents } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/cases/index.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import type { Suggestion } from '#lib/refunds/queue/index.ts';
import { Decided } from './decided.tsx';
import { DecisionForm } from './decision-form.tsx';
import { Reversed } from './reversed.tsx';
import { TakeBack } from './take-back.tsx';
import { useDecision } from './use-decision.ts';
import { Waiting } from './waiting.tsx';
import { resolveShownDecision } from './what-stands.ts';

type DecisionPanelProps = {
  orderId: string;
  totalCents: Cents;
  suggestion: Suggestion | null;
  currentDecision: Decision | null;
  approval: ApprovalRequest | null;
  /** When the order last changed where it stands. */
  changedTs: string | null;
  permission: Permission;
  /** Who looks, and whether they may do what a lead may. */
  viewer: { email: string; isLead: boolean };
};

/** The form that decides an order, what waits for a second person, or the decision that stands. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { orderId, totalCents, suggestion, permission, viewer } = props;
  const basis = { totalCents, suggestion };
  const decision = useDecision(orderId, basis);
  const { state, reload } = decision;
  const { waiting, decided } = resolveShownDecision(state, props);
  if (waiting)
    return (
      <Card title="Decision">
        <Waiting key={waiting.id} approval={waiting} viewer={viewer} onSettled={reload} />
      </Card>
    );
  if (decided?.kind === 'decision')
    return (
      <Card title="Decision">
        <Decided decision={decided} justNow={state.decided !== undefined} />
        <TakeBack key={decided.id} decision={decided} viewer={viewer} onTaken={reload} />
      </Card>
    );
  return (
    <Card title="Decision">
      {decided?.kind === 'reversal' && <Reversed reversal={decided} />}
      <DecisionForm {...decision} orderId={orderId} basis={basis} permission={permission} />
    </Card>
  );
}
