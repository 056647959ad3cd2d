'use client';

import { useState } from 'react';
import { api, ask } from '#app/_data/api.ts';
import { useViewer } from '#app/_data/viewer.tsx';
import { Button } from '#app/_ui/button.tsx';
import { toOrderSegment } from '#lib/contract/order-path.ts';
import { mayActAs } from '#lib/contract/person.ts';

/** Where the order went, for those who need it and say so; that they looked is kept. */
export function Address({ orderId }: { orderId: string }) {
  const [shown, setShown] = useState<string>();
  const [pending, setPending] = useState(false);
  const viewer = useViewer();
  async function show() {
    setPending(true);
    const param = { orderId: toOrderSegment(orderId) };
    const { destination } = api.orders[':orderId'];
    const shown = await ask(new AbortController().signal, (options) => destination.$get({ param }, options))
      .then(({ address }) => address ?? 'The address was not reported.')
      .catch((error: Error) => error.message);
    setPending(false);
    setShown(shown);
  }
  if (!mayActAs(viewer, 'reviewer')) return null;
  return (
    <div className="flex flex-wrap items-center gap-3 border-t pt-3 text-13">
      {shown === undefined ? (
        <>
          <Button size="small" disabled={pending} onClick={() => void show()}>
            {pending ? 'Asking…' : 'Show the address'}
          </Button>
          <span className="text-12 text-ink-3">It is noted that you looked.</span>
        </>
      ) : (
        <p role="status" className="break-words">
          {shown}
        </p>
      )}
    </div>
  );
}
