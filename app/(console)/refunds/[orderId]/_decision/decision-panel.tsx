'use client';

import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Card } from '#app/_ui/card.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { type Cents, formatUsd } from '#lib/money.ts';
import type { Permission } from '#lib/refunds/cases/index.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import type { Suggestion } from '#lib/refunds/queue/index.ts';
import { DecisionForm } from './decision-form.tsx';
import { Waiting } from './pending-approval.tsx';
import { TakeBack } from './revoke-decision.tsx';
import { useDecision } from './use-decision.ts';

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

/** What the server answered to a decision that was sent from this very screen. */
type Answered = { decided?: Decision; waiting?: ApprovalRequest; failure?: unknown };
/** What the page was made with; `changedTs` is when the order last changed where it stands. */
type Shown = { currentDecision: Decision | null; approval: ApprovalRequest | null; changedTs: string | null };

/**
 * What stands of an order: the answer to one's own decision until the page has caught up with it, from then on what
 * the page says, since others may have gone on. After a failure the form stays, with what was typed.
 */
export function resolveShownDecision(
  { decided, waiting, failure }: Answered,
  { currentDecision, approval, changedTs }: Shown,
): { waiting: ApprovalRequest | null; decided: Decision | null } {
  const isAhead = (ts: string) => changedTs === null || ts > changedTs;
  if (waiting && isAhead(waiting.requestedTs)) return { waiting, decided: null };
  if (decided && isAhead(decided.decidedTs)) return { waiting: null, decided };
  return { waiting: approval, decided: failure ? null : currentDecision };
}

/** The decision that stands. Where it was made a moment ago, it takes the focus from the form that it replaces. */
function Decided({ decision, justNow }: { decision: Decision; justNow: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (justNow) place.current?.focus();
  }, [justNow]);
  return (
    <div ref={place} role="status" tabIndex={-1} className="flex items-start gap-3 outline-none">
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

/** That nothing is refunded any longer, and why. */
function Reversed({ reversal }: { reversal: Decision }) {
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
