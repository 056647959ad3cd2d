'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** News that come together are asked for once. */
const GATHER_MS = 250;

/**
 * Asks for the queue's rows and figures again as soon as the server says that they have changed. Without the
 * connection the lists go on asking by themselves.
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
    for (const news of ['case', 'recommendations', 'missed']) source.addEventListener(news, refresh);
    source.addEventListener('ended', () => source.close());
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [client]);
}
