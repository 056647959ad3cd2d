'use client';

import { useQueryClient } from '@tanstack/react-query';
import type { Decision } from '#lib/refunds/index.ts';
import type { QueuePage } from '#lib/refunds/queue/index.ts';

/** Shows a decision in every list at once, then asks the server for the figures. */
export function useQueueUpdate(): (decision: Decision) => void {
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
