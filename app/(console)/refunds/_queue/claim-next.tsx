'use client';

import { useState } from 'react';
import { callAction } from '#app/_data/actions.ts';
import { useShortcuts } from '#app/_keyboard/shortcuts.tsx';
import { Button } from '#app/_ui/button.tsx';
import { useOpenOrder } from '../../_frame/open-order.tsx';
import { claimNext } from '../bulk-actions.ts';
import { queueQuery } from './queue-api.ts';
import type { QueueView } from './use-queue-view.ts';

/** Claims the first unassigned order of the queue as it is filtered and sorted, and opens it. */
export function ClaimNext({ view }: { view: QueueView }) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState('');
  const open = useOpenOrder();
  async function run() {
    setPending(true);
    const result = await callAction(() => claimNext(queueQuery({ ...view, cursors: [] })));
    setPending(false);
    if (!result.ok) return setProblem(result.error.message);
    setProblem(result.value ? '' : 'No order here is free.');
    if (result.value) open(result.value.orderId);
  }
  useShortcuts(
    pending ? [] : [{ keys: 'g', group: 'Queue', label: 'Claim the next order', run: () => void run() }],
  );
  return (
    <>
      <Button disabled={pending} onClick={() => void run()}>
        {pending ? 'Claiming…' : 'Claim next'}
      </Button>
      <span role="status" className="text-12 text-ink-2 empty:hidden">
        {problem}
      </span>
    </>
  );
}
