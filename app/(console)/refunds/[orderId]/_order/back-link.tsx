'use client';

import { ArrowLeft } from 'lucide-react';
import { useSearchParams } from 'next/navigation';
import { buttonClass } from '#app/_ui/button.tsx';
import { cx } from '#app/_ui/cx.ts';
import { paths } from '#app/paths.ts';
import { OrderLink } from '../../../_frame/open-order.tsx';

/** Back to the same rows of the queue, where it is not in sight. */
export function BackLink() {
  return (
    <OrderLink
      orderId={null}
      href={paths.refunds(useSearchParams().toString())}
      className={cx(buttonClass('quiet', 'small'), '-ml-2 self-start xl:hidden')}
    >
      <ArrowLeft aria-hidden className="size-4" />
      Refund queue
    </OrderLink>
  );
}
