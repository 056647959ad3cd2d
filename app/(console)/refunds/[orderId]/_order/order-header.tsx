import type { ReactNode } from 'react';
import { formatLocation, formatMinutes } from '#app/_ui/format.ts';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import type { Order, Timeline } from '#lib/orders/index.ts';
import type { QueueItem } from '#lib/refunds/queue/index.ts';
import { Lateness } from '../../_parts/lateness.tsx';
import { StatusBadge } from '../../_parts/status-badge.tsx';
import { BackLink } from './back-link.tsx';

type OrderHeaderProps = {
  order: Order;
  promise: Timeline['promise'];
  recommendation: QueueItem | undefined;
  factsChanged: boolean;
};

export function OrderHeader({ order, promise, recommendation, factsChanged }: OrderHeaderProps) {
  return (
    <header className="flex flex-col gap-3">
      <BackLink />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h1 id="order-title" className="min-w-0 text-20 font-semibold tracking-tight break-all">
          <span className="text-ink-3">Order</span> {order.orderId}
        </h1>
        {recommendation && <StatusBadge status={recommendation.caseStatus} />}
        {factsChanged && (
          <a href="#card-decision" className="text-13 text-warn underline">
            Facts changed
          </a>
        )}
      </div>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
        <Fact name="Location">{order.location.name ?? formatLocation(order.location.code)}</Fact>
        <Fact name={order.brands.length === 1 ? 'Brand' : 'Brands'}>
          {order.brands.map(nameBrand).join(', ')}
        </Fact>
        <Fact name="Delivered">
          {order.deliveredTs ? <TimeAgo at={order.deliveredTs} /> : 'Not yet'}
          <span className="block text-12 text-ink-3">
            placed <TimeAgo at={order.createdTs} />
          </span>
          {promise && <span className="block text-12 text-ink-3">{describePromise(promise)}</span>}
        </Fact>
        <Fact name="Took, vs P75">
          <Took minutes={order.deliveryMinutes} recommendation={recommendation} />
        </Fact>
      </dl>
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-12 text-ink-3">{name}</dt>
      <dd className="text-14">{children}</dd>
    </div>
  );
}

function Took({
  minutes,
  recommendation,
}: {
  minutes: number | null;
  recommendation: QueueItem | undefined;
}) {
  const evidence = recommendation?.suggestion.evidence;
  if (minutes === null)
    return evidence?.outcome ? (
      <Lateness minutes={evidence.delivery_minutes} evidence={evidence} />
    ) : (
      'On its way'
    );
  return (
    <>
      <span className="numeric block">{formatMinutes(minutes)}</span>
      {evidence && <Lateness minutes={minutes} evidence={evidence} />}
    </>
  );
}

function describePromise({ lateMinutes, etaMinutes }: NonNullable<Timeline['promise']>): string {
  if (lateMinutes === null) return `promised ${Math.round(etaMinutes)} min after the pick-up`;
  if (Math.abs(lateMinutes) < 0.5) return 'as the driver promised';
  const missed = formatMinutes(Math.abs(lateMinutes));
  return lateMinutes > 0 ? `${missed} after the promise` : `${missed} before the promise`;
}

function nameBrand({ id, name }: Order['brands'][number]): string {
  return name ?? (id === null ? 'Unknown brand' : `Brand ${id}`);
}
