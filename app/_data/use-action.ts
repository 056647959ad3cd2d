'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ActionError, ActionResult } from '#lib/auth/index.ts';
import { callAction, NO_ANSWER } from './call-action.ts';

/** After these the page stands as it was; to ask for it again could fail too, and take along what was typed. */
const saysNothingNew = new Set([NO_ANSWER, 'internal', 'busy', 'validation', 'too_many_requests']);

/** Runs one action at a time and brings the page up to date after it; `failure` is the last one's. */
export function useAction() {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const router = useRouter();

  /** @returns what the action answered; undefined where it failed. */
  async function run<Value>(
    action: () => Promise<ActionResult<Value>>,
  ): Promise<{ value: Value } | undefined> {
    setPending(true);
    const result = await callAction(action);
    setPending(false);
    setFailure(result.ok ? undefined : result.error);
    if (result.ok || !saysNothingNew.has(result.error.code)) router.refresh();
    return result.ok ? { value: result.value } : undefined;
  }

  return { run, pending, failure };
}
