'use client';

import { useQuery } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { callAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { watch } from '../case-actions.ts';

const REFRESH_MS = 10_000;

/**
 * Who else has this order open, and a notice when it has changed since the page was loaded. The page is not refreshed by
 * itself, since something may have been entered.
 */
export function Presence({ orderId, version }: { orderId: string; version: string }) {
  const router = useRouter();
  const { data } = useQuery({
    queryKey: ['presence', orderId, version],
    queryFn: async () => {
      const result = await callAction(() => watch({ orderId }));
      return result.ok ? result.value : { others: [], version };
    },
    refetchInterval: REFRESH_MS,
  });
  const others = data?.others ?? [];
  return (
    <>
      <p role="status" className="flex items-center gap-1.5 text-12 text-warn empty:hidden">
        {others.length > 0 && (
          <>
            <Eye aria-hidden size={14} />
            {others.join(', ')} {others.length === 1 ? 'is' : 'are'} looking at this order too
          </>
        )}
      </p>
      {data && data.version !== version && (
        <Notice
          tone="info"
          title="This order has changed since it was opened"
          actions={<Button onClick={() => router.refresh()}>Show what stands now</Button>}
        >
          What you have entered stays.
        </Notice>
      )}
    </>
  );
}
