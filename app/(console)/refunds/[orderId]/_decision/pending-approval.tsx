'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { formatUsd } from '#lib/money.ts';
import type { ApprovalRequest } from '#lib/refunds/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { ReasonDialog } from '../_case/reason-dialog.tsx';
import { useStep } from '../_case/use-step.ts';
import { resolve } from '../case-actions.ts';

type PendingApprovalProps = {
  approval: ApprovalRequest;
  viewer: { email: string; isLead: boolean };
  /** The facts of the order have changed since, so that it cannot be approved. */
  isOutdated: boolean;
  onSettled(): void;
};

/** A decision above the limit, until a second person has approved or rejected it. */
export function PendingApproval({ approval, viewer, isOutdated, onSettled }: PendingApprovalProps) {
  const { id: requestId, orderId, amountCents, requestedBy, requestedTs, reason } = approval;
  const [rejecting, setRejecting] = useState(false);
  const { run, pending, failure } = useStep();
  const own = requestedBy === viewer.email;
  async function settle(outcome: 'approved' | 'rejected' | 'withdrawn', why?: string) {
    if (await run(() => resolve({ orderId, requestId, outcome, reason: why }))) onSettled();
  }
  return (
    <div className="flex flex-col gap-3">
      <Notice tone="warn" title="This waits for a second person">
        <p>
          {own ? 'You ask' : `${requestedBy} asks`} for a refund of {formatUsd(amountCents)}, which is above
          what one person may refund alone, at once or in a day. Nothing is refunded until a lead other than{' '}
          {own ? 'you' : 'them'} approves it.
        </p>
        <p>“{reason}”</p>
        <p className="text-12">
          <TimeAgo at={requestedTs} />
        </p>
      </Notice>
      <div className="flex flex-wrap gap-2 empty:hidden">
        {viewer.isLead && !own && (
          <>
            <Button
              variant="primary"
              disabled={pending || isOutdated}
              title={isOutdated ? 'The facts have changed since it was requested' : undefined}
              onClick={() => void settle('approved')}
            >
              Approve {formatUsd(amountCents)}
            </Button>
            <Button disabled={pending} onClick={() => setRejecting(true)}>
              Reject…
            </Button>
          </>
        )}
        {own && (
          <Button disabled={pending} onClick={() => void settle('withdrawn')}>
            Withdraw
          </Button>
        )}
      </div>
      <ActionFailure failure={failure} />
      <ReasonDialog
        title="Reject this refund"
        confirmLabel="Reject"
        open={rejecting}
        pending={pending}
        onClose={() => setRejecting(false)}
        onConfirm={(why) => void settle('rejected', why)}
      />
    </div>
  );
}
