'use client';

import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Card } from '#app/_ui/card.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { type Cents, formatUsd } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/cases/index.ts';
import type { ApprovalRequest, Decision, FactsChange } from '#lib/refunds/index.ts';
import type { Suggestion } from '#lib/refunds/queue/index.ts';
import { useAliveOrder } from '../../../_frame/open-order.tsx';
import { DecisionForm } from './decision-form.tsx';
import { FactsChanged } from './facts-changed.tsx';
import { PendingApproval } from './pending-approval.tsx';
import { RevokeDecision } from './revoke-decision.tsx';
import { useDecision } from './use-decision.ts';

type DecisionPanelProps = {
  orderId: string;
  totalCents: Cents;
  suggestion: Suggestion | null;
  currentDecision: Decision | null;
  approval: ApprovalRequest | null;
  factsChange: FactsChange | null;
  /** When the case last changed. */
  changedTs: string | null;
  permission: Permission;
  /** The signed-in person. */
  viewer: { email: string; isLead: boolean };
};

/** The current decision of an order, the request for approval, or the form that decides it. */
export function DecisionPanel(props: DecisionPanelProps) {
  const { orderId, totalCents, suggestion, factsChange, permission, viewer } = props;
  const context = { totalCents, suggestion };
  const decision = useDecision(orderId, context);
  const { state, reload, restore } = decision;
  const shown = resolveShownDecision(state, props);
  useAliveOrder(orderId);
  if (shown.approval)
    return (
      <Card title="Decision">
        <FactsChanged change={factsChange} since="request" viewer={viewer} />
        <PendingApproval
          key={shown.approval.id}
          approval={shown.approval}
          viewer={viewer}
          isOutdated={factsChange?.since === 'request'}
          onSettled={reload}
        />
      </Card>
    );
  if (shown.decision?.kind === 'decision')
    return (
      <Card title="Decision">
        <FactsChanged change={factsChange} since="decision" viewer={viewer} />
        <CurrentDecision decision={shown.decision} isNew={state.decided !== undefined} />
        <RevokeDecision
          key={shown.decision.id}
          decision={shown.decision}
          viewer={viewer}
          onRevoked={() => {
            restore();
            reload();
          }}
        />
      </Card>
    );
  return (
    <Card title="Decision">
      {shown.decision?.kind === 'reversal' && <ReversalNotice reversal={shown.decision} />}
      <FactsChanged change={factsChange} since="suggestion" viewer={viewer} />
      <DecisionForm {...decision} orderId={orderId} context={context} permission={permission} />
    </Card>
  );
}

/** The server's answer to a decision that was sent from this screen. */
type Answered = { decided?: Decision; approval?: ApprovalRequest; failure?: unknown };
/** What the page was rendered with. */
type Rendered = {
  currentDecision: Decision | null;
  approval: ApprovalRequest | null;
  changedTs: string | null;
};

/**
 * What the panel shows: the answer to one's own decision until the page has been rendered with a newer case, then what
 * the page says, since others may have changed it. After a failure the form stays, with what was typed.
 */
export function resolveShownDecision(
  answered: Answered,
  { currentDecision, approval, changedTs }: Rendered,
): { approval: ApprovalRequest | null; decision: Decision | null } {
  const isNewer = (ts: string) => changedTs === null || ts > changedTs;
  if (answered.approval && isNewer(answered.approval.requestedTs))
    return { approval: answered.approval, decision: null };
  if (answered.decided && isNewer(answered.decided.decidedTs))
    return { approval: null, decision: answered.decided };
  return { approval, decision: answered.failure ? null : currentDecision };
}

/** A decision that was just made takes the focus from the form that it replaces. */
function CurrentDecision({ decision, isNew }: { decision: Decision; isNew: boolean }) {
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isNew) summary.current?.focus();
  }, [isNew]);
  return (
    <div ref={summary} role="status" tabIndex={-1} className="flex items-start gap-3 outline-none">
      <CircleCheck aria-hidden className="mt-0.5 size-5 shrink-0 text-good" />
      <div className="min-w-0">
        <p className="text-14 font-semibold">
          Decided: {decision.amountCents === 0 ? 'no refund' : `refund of ${formatUsd(decision.amountCents)}`}
        </p>
        <p className="text-13 text-ink-2">
          {decision.decidedBy} · <TimeAgo at={decision.decidedTs} />
        </p>
      </div>
    </div>
  );
}

/** Says that nothing is refunded any longer, and why. */
function ReversalNotice({ reversal }: { reversal: Decision }) {
  return (
    <div className="mb-4">
      <Notice tone="info" title="The decision was reversed: nothing is refunded">
        <p>“{reversal.reason}”</p>
        <p className="text-12">
          {reversal.decidedBy} · <TimeAgo at={reversal.decidedTs} />
        </p>
      </Notice>
    </div>
  );
}
