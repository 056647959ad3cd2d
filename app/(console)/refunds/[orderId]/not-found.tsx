import { SearchX } from 'lucide-react';
import Link from 'next/link';
import { buttonClass } from '#app/_ui/button.tsx';
import { EmptyState } from '#app/_ui/empty-state.tsx';
import { paths } from '#app/paths.ts';

export default function OrderNotFound() {
  return (
    <div className="grid min-h-100 place-content-center xl:h-full">
      <EmptyState
        icon={SearchX}
        title="There is no such order"
        action={
          <Link href={paths.refunds()} className={buttonClass()}>
            Back to the queue
          </Link>
        }
      >
        No order with this number has been scored and synced. Check the number; an order appears here a few
        seconds after its delivery, or once it counts as not delivered.
      </EmptyState>
    </div>
  );
}
