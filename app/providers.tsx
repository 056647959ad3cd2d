'use client';

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { NuqsAdapter } from 'nuqs/adapters/next/app';
import { type ReactNode, useState } from 'react';
import { z } from 'zod';
import { NowProvider } from './_ui/relative-time.tsx';

// Here zod would make functions out of text, which the policy of a page forbids and the browser then reports.
if (typeof window !== 'undefined') z.config({ jitless: true });

/** What every screen needs around it; `renderedAt` is the server's time in milliseconds. */
export function Providers({ renderedAt, children }: { renderedAt: number; children: ReactNode }) {
  const [client] = useState(
    () =>
      new QueryClient({
        defaultOptions: { queries: { retry: 1, staleTime: 2_000, refetchOnWindowFocus: 'always' } },
      }),
  );
  return (
    <QueryClientProvider client={client}>
      <NuqsAdapter>
        <NowProvider initial={renderedAt}>{children}</NowProvider>
      </NuqsAdapter>
    </QueryClientProvider>
  );
}
