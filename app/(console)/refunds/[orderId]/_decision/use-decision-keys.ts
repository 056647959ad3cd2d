'use client';

import { type RefObject, useEffect, useRef } from 'react';
import type { Shortcut } from '#app/_keyboard/shortcuts.tsx';
import type { RefundClass } from '#lib/contract/refund.ts';
import { useOrderShortcuts } from '../../../_frame/open-order.tsx';
import type { FormContext } from './draft.ts';
import type { useDecision } from './use-decision.ts';

const GROUP = 'Decision';

type Decision = Pick<ReturnType<typeof useDecision>, 'draft' | 'change' | 'accept' | 'submit'> & {
  context: FormContext;
};

/** a decides as suggested; n, p and f choose a class and lead to what it needs next; Ctrl Enter decides. */
export function useDecisionKeys(
  orderId: string,
  form: RefObject<HTMLFormElement | null>,
  { change, accept, submit, context }: Decision,
  disabled: boolean,
) {
  const focusNext = useFocusAfterRender(form);
  function choose(refundClass: RefundClass) {
    change({ refundClass });
    const follows = context.suggestion?.refundClass === refundClass;
    focusNext(
      refundClass === 'partial' ? '[name="amount"]' : follows ? '[type="submit"]' : '[name="reasonCode"]',
    );
  }
  const shortcuts: Shortcut[] = [
    { keys: 'n', group: GROUP, label: 'No refund', run: () => choose('none') },
    { keys: 'p', group: GROUP, label: 'Partial refund', run: () => choose('partial') },
    { keys: 'f', group: GROUP, label: 'Full refund', run: () => choose('full') },
    {
      keys: 'mod+Enter',
      group: GROUP,
      label: 'Decide as entered',
      run: () => void submit(),
      scope: () => form.current,
    },
  ];
  const suggested: Shortcut = {
    keys: 'a',
    group: GROUP,
    label: 'Decide as suggested',
    run: () => void accept(),
  };
  const isSuggested = context.suggestion?.refundClass != null;
  useOrderShortcuts(orderId, disabled ? [] : isSuggested ? [suggested, ...shortcuts] : shortcuts);
}

/** Focuses a part of the form once it is rendered as the change before it asked: a disabled field takes no focus. */
function useFocusAfterRender(form: RefObject<HTMLFormElement | null>) {
  const wanted = useRef<string | null>(null);
  useEffect(() => {
    if (wanted.current === null) return;
    const field = form.current?.querySelector<HTMLElement>(wanted.current);
    wanted.current = null;
    field?.focus();
    if (field instanceof HTMLInputElement) field.select();
  });
  return (selector: string) => {
    wanted.current = selector;
  };
}
