'use client';

import { NO_ANSWER } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import type { ActionError } from '#lib/auth/index.ts';
import { formatUsd } from '#lib/money.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import type { QueueItem, Suggestion } from '#lib/refunds/queue/index.ts';
import { SignInAgain } from '../../../_frame/action-failure.tsx';
import { NOT_SAVED } from './resolve-outcome.ts';

type DecisionFailureProps = {
  failure: ActionError;
  onReload(): void;
  onRetry(): void;
};

const titles: Record<string, string> = {
  already_decided: 'Somebody was faster',
  idempotency_key_reused: 'This form has decided already',
  recommendation_changed: 'The recommendation has changed',
  case_claimed: 'Somebody else has this order now',
  case_moved: 'This order has moved on',
  unauthenticated: 'Your session has ended',
  [NOT_SAVED]: 'Not saved',
  [NO_ANSWER]: 'It is not known whether this was saved',
};

/** Why the decision was not made, what is current instead, and what to do next; the form keeps what was typed. */
export function DecisionFailure(props: DecisionFailureProps) {
  const { failure } = props;
  const { decision, suggestion } = readConflict(failure);
  const lost = failure.code === NO_ANSWER;
  return (
    <Notice
      tone={decision || suggestion ? 'warn' : 'bad'}
      title={titles[failure.code] ?? 'This was not saved'}
      requestId={failure.requestId}
      actions={<FailureActions {...props} />}
    >
      <p>{failure.message}</p>
      {decision && (
        <p>
          <TimeAgo at={decision.decidedTs} />: “{decision.reason}”
        </p>
      )}
      {suggestion?.refundCents != null && <p>It is {formatUsd(suggestion.refundCents)} now.</p>}
      <p>
        {lost
          ? 'What you entered is kept. Press the button again: however often it arrives, it decides once.'
          : 'What you entered is kept.'}
      </p>
    </Notice>
  );
}

/** Shown while the console is asked for the outcome of a decision whose answer was lost. */
export function CheckingNotice() {
  return (
    <Notice tone="info" title="No answer came">
      The console is asked what became of this decision. What you entered is kept.
    </Notice>
  );
}

function FailureActions({ failure, onReload, onRetry }: DecisionFailureProps) {
  const { decision, suggestion } = readConflict(failure);
  if (failure.code === 'unauthenticated') return <SignInAgain />;
  if (failure.code === NOT_SAVED) return <Button onClick={onRetry}>Try again</Button>;
  if (decision) return <Button onClick={onReload}>Show the decision that stands</Button>;
  if (suggestion) return <Button onClick={onReload}>Show the new recommendation</Button>;
  return failure.current !== undefined && <Button onClick={onReload}>Show where the order stands</Button>;
}

/** What a conflict carries: the other decision, or the new suggestion. */
export function readConflict(error: ActionError): { decision?: Decision; suggestion?: Suggestion } {
  switch (error.code) {
    case 'already_decided':
      return { decision: error.current as Decision };
    case 'idempotency_key_reused':
      return readEarlier(error.current as Decision | ApprovalRequest);
    case 'recommendation_changed':
      return { suggestion: (error.current as QueueItem | undefined)?.suggestion };
    default:
      return {};
  }
}

function readEarlier(earlier: Decision | ApprovalRequest): { decision?: Decision } {
  return 'decidedTs' in earlier ? { decision: earlier } : {};
}
