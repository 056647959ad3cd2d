import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { type SearchParams, searchOf } from '#app/_data/search-of.ts';
import { paths } from '#app/paths.ts';
import { requirePage } from '#lib/auth/index.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { getPromise } from '#lib/orders/index.ts';
import { CaseBar } from './_case/case-bar.tsx';
import { DecisionPanel } from './_decision/decision-panel.tsx';
import { Drive } from './_order/drive.tsx';
import { History } from './_order/history.tsx';
import { Items } from './_order/items.tsx';
import { OrderHeader } from './_order/order-header.tsx';
import { Recommendation } from './_order/recommendation.tsx';
import { Timeline } from './_order/timeline.tsx';
import { loadOrder } from './load-order.ts';

type OrderPageProps = { params: Promise<{ orderId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: OrderPageProps): Promise<Metadata> {
  const { orderId } = await params;
  return { title: `Order ${decodeURIComponent(orderId)}` };
}

export default async function OrderPage({ params, searchParams }: OrderPageProps) {
  const orderId = decodeURIComponent((await params).orderId);
  const context = await requirePage('viewer', paths.refund(orderId, searchOf(await searchParams)));
  const found = await loadOrder(context, orderId);
  if (!found) notFound();
  const { order, timings, events, recommendation, history } = found;
  const { permission, standing, steps, approval, version = '' } = found;
  return (
    <article aria-labelledby="order-title" className="mx-auto flex max-w-180 flex-col gap-3 p-3 xl:p-4">
      <OrderHeader order={order} promise={getPromise(events)} recommendation={recommendation} />
      <Recommendation recommendation={recommendation} />
      {standing && <CaseBar standing={standing} steps={steps} version={version} />}
      <DecisionPanel
        key={orderId}
        orderId={orderId}
        totalCents={order.totalCents}
        suggestion={recommendation?.suggestion ?? null}
        standing={recommendation?.decision ?? null}
        approval={approval ?? null}
        changedTs={standing?.changedTs ?? null}
        permission={permission}
        viewer={{ email: context.person.email, isLead: mayActAs(context.person, 'lead') }}
      />
      <Items order={order} />
      <Timeline
        orderId={orderId}
        events={events}
        timings={timings}
        timeZone={order.location.timeZone ?? undefined}
      />
      <Drive
        orderId={orderId}
        events={events}
        timeZone={order.location.timeZone ?? undefined}
        exact={mayActAs(context.person, 'reviewer')}
      />
      <History entries={history} />
    </article>
  );
}
