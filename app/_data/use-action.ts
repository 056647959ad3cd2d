'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ActionError, ActionResult } from '#lib/auth/types.ts';
import { callAction } from './call-action.ts';

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
    router.refresh();
    return result.ok ? { value: result.value } : undefined;
  }

  return { run, pending, failure };
}
