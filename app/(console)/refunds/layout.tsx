import { headers } from 'next/headers';
import { type ReactNode, Suspense } from 'react';
import { getPerson } from '#lib/auth/index.ts';
import { loadEnv } from '#lib/env.ts';
import { OpenOrderPane } from '../_frame/open-order.tsx';
import { Queue } from './_queue/queue.tsx';
import OrderLoading from './[orderId]/loading.tsx';

/** The queue stays where it is while orders open beside it; below 1280 px one of the two is shown. */
export default async function RefundsLayout({ children }: { children: ReactNode }) {
  // Without a person the page leads to signing in, and there is no queue to show.
  if (!(await getPerson(await headers()))) return children;
  return (
    <div className="xl:grid xl:h-dvh xl:grid-cols-[minmax(0,1fr)_clamp(480px,38vw,600px)]">
      <div className="min-w-0">
        <Suspense>
          <Queue reviewHours={loadEnv().REVIEW_WITHIN_HOURS} />
        </Suspense>
      </div>
      <section
        aria-label="Open order"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and not everything in it takes the focus
        tabIndex={0}
        className="relative focus-visible:-outline-offset-2 print:h-auto print:overflow-visible print:border-l-0 xl:h-dvh xl:overflow-y-auto xl:border-l"
      >
        <OpenOrderPane outline={<OrderLoading />}>{children}</OpenOrderPane>
      </section>
    </div>
  );
}
