'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useMemo, useRef, useState } from 'react';
import { callAction, NO_ANSWER } from '#app/_data/actions.ts';
import { useKeptDraft } from '#app/_data/kept-drafts.ts';
import type { ActionError } from '#lib/auth/index.ts';
import { toDecimal } from '#lib/money.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import type { QueuePage } from '#lib/refunds/queue/index.ts';
import { useBackgroundMessages } from '../../../_frame/background-messages.tsx';
import { readAddressOrder } from '../../../_frame/open-order.tsx';
import { undo } from '../case-actions.ts';
import { decideRefund } from '../decide-refund-action.ts';
import { type Attempt, makeAttemptKey, nextAttempt } from './attempt.ts';
import {
  amountOf,
  checkDraft,
  type Draft,
  type DraftErrors,
  type FormContext,
  parseDraft,
  reasonOf,
  startDraft,
} from './draft.ts';
import { isIndeterminate, resolveOutcome } from './resolve-outcome.ts';

type DecisionState = {
  pending: boolean;
  /** No answer came, and the console is being asked for the outcome. */
  checking?: boolean;
  errors: DraftErrors;
  failure?: ActionError;
  decided?: Decision;
  /** The decision is above the limit and waits for a second person. */
  approval?: ApprovalRequest;
};

const idle: DecisionState = { pending: false, errors: {} };

/** The form's state and what its buttons do. What was typed is kept through every failure. */
export function useDecision(orderId: string, context: FormContext) {
  const { entered, enter, clear, restore } = useEntered(orderId);
  const draft = entered ?? startDraft(context);
  const [state, setState] = useState<DecisionState>(idle);
  const attempt = useRef<Attempt>(undefined);
  const router = useRouter();
  const updateQueue = useQueueUpdate();
  const isMounted = useIsMounted();
  const { showFailure, showDecision } = useBackgroundMessages();

  async function send(draft: Draft) {
    const errors = checkDraft(draft, context);
    if (Object.keys(errors).length > 0) return setState({ pending: false, errors });
    setState({ pending: true, errors: {} });
    const input = toInput(orderId, draft, context);
    const current = nextAttempt(attempt.current, JSON.stringify(input), makeAttemptKey);
    attempt.current = current;
    const first = await callAction(() =>
      decideRefund({ ...input, idempotencyKey: current.key, addressOrderId: readAddressOrder() }),
    );
    if (isIndeterminate(first)) setState({ pending: true, checking: true, errors: {} });
    const result = isIndeterminate(first)
      ? await resolveOutcome({ orderId, key: current.key, failure: first.error })
      : first;
    attempt.current = { ...current, answered: !isIndeterminate(result) };
    if (!result.ok) {
      enter(entered ?? draft);
      if (!isMounted()) showFailure(toBackgroundFailure(orderId, result.error));
      return setState(toFailure(result.error));
    }
    // A decision after an undo is a new one, even with the same content, and needs a key of its own.
    attempt.current = undefined;
    clear();
    const { decision, approval } = result.value;
    setState({ ...idle, decided: decision, approval });
    if (decision) {
      updateQueue(decision);
      showDecision({ ...decision, undo: prepareUndo(decision, () => entered && enter(entered)) });
    }
    router.refresh();
  }

  const submit = () => send(draft);

  /** Decides as suggested; what was entered stays in the form in case that fails. */
  const accept = () => send(startDraft(context));

  function change(patch: Partial<Draft>) {
    enter({ ...draft, ...patch });
    setState((before) => ({ ...before, errors: {} }));
  }

  function reload() {
    setState(idle);
    router.refresh();
  }

  return { draft, state, change, submit, accept, reload, restore };
}

/**
 * What the person has entered for this order, kept in this browser until the order is decided. Nothing is entered at
 * first, so that an untouched form follows the suggestion that the page shows; a draft that could not be sent counts as
 * entered.
 */
function useEntered(orderId: string) {
  const [kept, keep] = useKeptDraft(orderId);
  const entered = useMemo(() => parseDraft(kept), [kept]);
  const cleared = useRef<Draft>(undefined);
  const enter = (draft: Draft) => keep(JSON.stringify(draft));
  return {
    entered,
    enter,
    clear() {
      cleared.current = entered;
      keep(null);
    },
    /** Brings back what the last decision cleared, once that is revoked. */
    restore() {
      if (cleared.current) enter(cleared.current);
      cleared.current = undefined;
    },
  };
}

function toInput(orderId: string, draft: Draft, context: FormContext) {
  return {
    orderId,
    recommendationId: context.suggestion?.recommendationId ?? '',
    refundClass: draft.refundClass ?? 'none',
    amountUsd: toDecimal(amountOf(draft, context.totalCents) ?? 0),
    reason: reasonOf(draft, context),
    reasonCode: draft.reasonCode ?? undefined,
  };
}

/** An undo that is applied once, however often it is sent; `onUndone` runs after it succeeded. */
function prepareUndo({ orderId, id: decisionId }: Decision, onUndone: () => void) {
  const input = { orderId, decisionId, idempotencyKey: makeAttemptKey() };
  return async () => {
    const result = await undo(input);
    if (result.ok) onUndone();
    return result;
  };
}

function toBackgroundFailure(orderId: string, { code, message }: ActionError) {
  const unknown = code === NO_ANSWER;
  const title = unknown
    ? `It is not known whether order ${orderId} is decided`
    : `Order ${orderId} was not decided`;
  return { orderId, title, message };
}

/** An error that names a field of the form is shown at that field, any other above the button. */
function toFailure(error: ActionError): DecisionState {
  const field = error.code === 'validation' ? error.field : undefined;
  if (field === 'amountUsd' || field === 'reason' || field === 'reasonCode' || field === 'refundClass')
    return { pending: false, errors: { [field]: error.message } };
  return { pending: false, errors: {}, failure: error };
}

/** Shows a decision in every list at once, then fetches the lists and the figures again. */
function useQueueUpdate(): (decision: Decision) => void {
  const client = useQueryClient();
  return (decision) => {
    client.setQueriesData<QueuePage>({ queryKey: ['queue'] }, (page) => page && withDecision(page, decision));
    void client.invalidateQueries({ queryKey: ['queue'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
  };
}

function withDecision(page: QueuePage, decision: Decision): QueuePage {
  const items = page.items.map((item) =>
    item.orderId === decision.orderId
      ? { ...item, decision, status: 'decided' as const, caseStatus: 'decided' as const }
      : item,
  );
  return { ...page, items };
}

/** Whether the calling component is still on the screen, also after an await. */
function useIsMounted(): () => boolean {
  const mounted = useRef(true);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return () => mounted.current;
}
