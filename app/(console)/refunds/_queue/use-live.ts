'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { listenToQueue, type StreamEvent } from './shared-stream.ts';

/** Events that come together lead to one request. */
const BATCH_MS = 250;
/** By then the page has been refreshed for what the person has done themselves. */
const OWN_CHANGE_MS = 1000;

/**
 * Fetches the queue's rows and figures, and the version of the open order, again as soon as the server says that they
 * have changed. Without the stream all of them are still fetched at intervals. A hidden tab fetches nothing: all of it
 * is fetched when it is shown.
 */
export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const invalidate = (...queryKey: string[]) => {
      const refetchType = document.visibilityState === 'hidden' ? 'none' : 'active';
      void client.invalidateQueries({ queryKey, refetchType });
    };
    function refresh() {
      timer ??= setTimeout(() => {
        timer = undefined;
        invalidate('queue');
        invalidate('summary');
      }, BATCH_MS);
    }
    function onEvent(event: StreamEvent) {
      if (event.kind === 'case') setTimeout(() => invalidate('presence', event.orderId), OWN_CHANGE_MS);
      if (event.kind !== 'ended') refresh();
    }
    const stop = listenToQueue(onEvent);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [client]);
}
