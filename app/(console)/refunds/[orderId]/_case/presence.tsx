'use client';

import { useQuery } from '@tanstack/react-query';
import { Eye } from 'lucide-react';
import { callAction } from '#app/_data/call-action.ts';
import { lookAt } from '../case-actions.ts';

const LOOK_MS = 10_000;

/** Who else has this order open, as long as it is open here. */
export function Presence({ orderId }: { orderId: string }) {
  const { data: others = [] } = useQuery({
    queryKey: ['presence', orderId],
    queryFn: async () => {
      const result = await callAction(() => lookAt({ orderId }));
      return result.ok ? result.value : [];
    },
    refetchInterval: LOOK_MS,
  });
  return (
    <p role="status" className="flex items-center gap-1.5 text-12 text-warn empty:hidden">
      {others.length > 0 && (
        <>
          <Eye aria-hidden size={14} />
          {others.join(', ')} {others.length === 1 ? 'is' : 'are'} looking at this order too
        </>
      )}
    </p>
  );
}
