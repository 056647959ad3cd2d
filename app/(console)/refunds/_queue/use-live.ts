'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';

const orderSchema = z.object({ order_id: z.string() });

/** Events that come together lead to one request. */
const BATCH_MS = 250;
/** By then the page has been refreshed for what the person has done themselves. */
const OWN_CHANGE_MS = 1000;

/**
 * Fetches the queue's rows and figures, and the version of the open order, again as soon as the server says that they
 * have changed. Without the stream all of them are still fetched at intervals.
 */
export function useLive() {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource('/api/stream');
    let timer: ReturnType<typeof setTimeout> | undefined;
    function refresh() {
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ['queue'] });
        void client.invalidateQueries({ queryKey: ['summary'] });
      }, BATCH_MS);
    }
    function refreshPresence({ data }: MessageEvent<string>) {
      const { order_id } = orderSchema.parse(JSON.parse(data));
      setTimeout(() => void client.invalidateQueries({ queryKey: ['presence', order_id] }), OWN_CHANGE_MS);
    }
    source.addEventListener('case', refreshPresence);
    // Events before the stream was open, at first or after a break, are lost.
    source.addEventListener('open', refresh);
    for (const kind of ['case', 'recommendations', 'missed']) source.addEventListener(kind, refresh);
    source.addEventListener('ended', () => source.close());
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client]);
}
