'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { callAction } from '#app/_data/call-action.ts';
import type { ActionError, ActionResult } from '#lib/auth/types.ts';

/** Runs one step at a time on an order and brings the screen up to date after it; `failure` is the last one's. */
export function useStep() {
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const client = useQueryClient();
  const router = useRouter();

  /** @returns whether it was done. */
  async function run(action: () => Promise<ActionResult<unknown>>): Promise<boolean> {
    setPending(true);
    const result = await callAction(action);
    setPending(false);
    setFailure(result.ok ? undefined : result.error);
    void client.invalidateQueries({ queryKey: ['queue'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
    router.refresh();
    return result.ok;
  }

  return { run, pending, failure };
}
