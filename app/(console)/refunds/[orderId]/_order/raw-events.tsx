'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, ask } from '#app/_data/api.ts';
import { Skeleton } from '#app/_ui/skeleton.tsx';
import { toOrderSegment } from '#lib/contract/order-path.ts';

/** The events as the API gives them, fetched once the section is opened. */
export function RawEvents({ orderId }: { orderId: string }) {
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({
    queryKey: ['order-events', orderId],
    queryFn: ({ signal }) => fetchEvents(orderId, signal),
    enabled: open,
  });
  return (
    <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary className="w-fit rounded-4 text-12 text-ink-2 hover:text-ink">Event data as JSON</summary>
      <div className="mt-2 rounded-8 bg-sunken p-3">
        {data && (
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
            tabIndex={0}
            className="max-h-100 overflow-auto text-12 leading-4 break-all whitespace-pre-wrap"
          >
            {data.events.map(writeEvent).join('\n\n')}
          </pre>
        )}
        {error && (
          <p role="alert" className="text-12 text-bad">
            {error.message}
          </p>
        )}
        {open && !data && !error && <Skeleton className="h-40 w-full" />}
      </div>
    </details>
  );
}

function fetchEvents(orderId: string, signal: AbortSignal) {
  const request = {
    param: { orderId: toOrderSegment(orderId) },
    query: { include_pings: 'true' },
  } as const;
  return ask(signal, (options) => api.orders[':orderId'].events.$get(request, options));
}

/** An event on its own, its body as the object that it is. */
function writeEvent({ body, ...envelope }: { body: string }): string {
  return JSON.stringify({ ...envelope, body: JSON.parse(body) });
}
