'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { z } from 'zod';

const orderSchema = z.object({ order_id: z.string() });

/** News that come together are asked for once. */
const GATHER_MS = 250;
/** What one has done oneself has come back by then with the page. */
const OWN_MS = 1000;

/**
 * Asks for the queue's rows and figures, and for the order that is open, again as soon as the server says that they
 * have changed. Without the connection all of them go on asking by themselves.
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
      }, GATHER_MS);
    }
    function lookAgain({ data }: MessageEvent<string>) {
      const { order_id } = orderSchema.parse(JSON.parse(data));
      setTimeout(() => void client.invalidateQueries({ queryKey: ['presence', order_id] }), OWN_MS);
    }
    source.addEventListener('case', lookAgain);
    // What happened before the stream was open, at first or after a break, nobody has told.
    source.addEventListener('open', refresh);
    for (const news of ['case', 'recommendations', 'missed']) source.addEventListener(news, refresh);
    source.addEventListener('ended', () => source.close());
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client]);
}
