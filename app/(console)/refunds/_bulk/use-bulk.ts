'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callAction } from '#app/_data/actions.ts';
import type { ActionError } from '#lib/auth/index.ts';
import type { ReasonCode } from '#lib/contract/refund.ts';
import type { BulkOutcome } from '#lib/refunds/index.ts';
import { makeAttemptKey } from '../[orderId]/_decision/attempt.ts';
import { decideMany, previewMany } from '../bulk-actions.ts';
import { listDecidable } from './bulk-results.tsx';
import type { Selected } from './use-selection.ts';

export type Choice = 'accept' | 'deny';

/** Previews and makes one decision on many orders. It has one key, so that a repeat decides nothing twice. */
export function useBulk(orders: Selected[], choice: Choice) {
  const [key] = useState(makeAttemptKey);
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const [outcomes, setOutcomes] = useState<BulkOutcome[]>();
  const client = useQueryClient();
  const preview = useQuery({
    queryKey: ['bulk', key, choice],
    queryFn: async () => {
      const result = await callAction(() => previewMany({ orders, choice }));
      if (!result.ok) throw new Error(result.error.message);
      return result.value;
    },
    // What was confirmed is what was read: a preview does not change under the button.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });

  /** Decides only the orders that the preview lists as decidable, even if more could be decided now. */
  async function decide(why: { reason?: string; reasonCode?: ReasonCode }) {
    const decidable = listDecidable(orders, preview.data ?? []);
    setPending(true);
    const result = await callAction(() =>
      decideMany({ orders: decidable, choice, ...why, idempotencyKey: key }),
    );
    setPending(false);
    setFailure(result.ok ? undefined : result.error);
    if (result.ok) setOutcomes(result.value.outcomes);
    void client.invalidateQueries({ queryKey: ['queue'] });
    void client.invalidateQueries({ queryKey: ['summary'] });
  }

  return { preview, decide, pending, failure, outcomes };
}
