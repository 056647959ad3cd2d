'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ActionError, ActionResult } from '#lib/auth/index.ts';

/** The code of an action whose response was lost: it may or may not have run on the server. */
export const NO_ANSWER = 'no_answer';

/** Calls a server action; a lost response becomes an error value like any other failure. */
export async function callAction<Value>(
  action: () => Promise<ActionResult<Value>>,
): Promise<ActionResult<Value>> {
  return action().catch((): { ok: false; error: ActionError } => ({
    ok: false,
    error: {
      code: NO_ANSWER,
      message: 'No answer came from the console. Check the connection and try again.',
      requestId: '',
    },
  }));
}

/**
 * After these failures nothing has changed. A refresh could fail, too, or lead to the sign-in page, and lose what was
 * typed.
 */
const unchangedCodes = new Set([
  ...[NO_ANSWER, 'internal', 'busy', 'validation', 'too_many_requests'],
  ...['unauthenticated', 'forbidden'],
]);

/** Whether nothing has changed by this failure, so that the page needs no refresh and the action can be repeated. */
export const isUnchanged = ({ code }: ActionError): boolean => unchangedCodes.has(code);

/** Runs one action at a time and refreshes the page after it; `failure` is that of the last action. */
export function useAction() {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const router = useRouter();

  /** @returns the value of the action; undefined if it failed. */
  async function run<Value>(
    action: () => Promise<ActionResult<Value>>,
  ): Promise<{ value: Value } | undefined> {
    setPending(true);
    const result = await callAction(action);
    setPending(false);
    setFailure(result.ok ? undefined : result.error);
    if (result.ok || !isUnchanged(result.error)) router.refresh();
    return result.ok ? { value: result.value } : undefined;
  }

  return { run, pending, failure };
}
