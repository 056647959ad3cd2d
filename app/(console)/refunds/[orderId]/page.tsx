import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { paths, type SearchParams, toSearch } from '#app/paths.ts';
import { type PersonContext, requirePage } from '#lib/auth/index.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { fromOrderSegment } from '#lib/contract/order-path.ts';
import { mayActAs } from '#lib/contract/person.ts';
import { buildTimeline, getPhaseTimings, getSyncedOrder } from '#lib/orders/index.ts';
import { loadCase } from '#lib/refunds/index.ts';
import { CaseBar } from './_case/case-bar.tsx';
import { DecisionPanel } from './_decision/decision-panel.tsx';
import { Drive } from './_order/drive.tsx';
import { History } from './_order/history.tsx';
import { Items } from './_order/items.tsx';
import { OrderHeader } from './_order/order-header.tsx';
import { Recommendation } from './_order/recommendation.tsx';
import { Timeline } from './_order/timeline.tsx';

type OrderPageProps = { params: Promise<{ orderId: string }>; searchParams: Promise<SearchParams> };

export async function generateMetadata({ params }: OrderPageProps): Promise<Metadata> {
  const { orderId } = await params;
  return { title: `Order ${fromOrderSegment(orderId)}` };
}

export default async function OrderPage({ params, searchParams }: OrderPageProps) {
  const orderId = fromOrderSegment((await params).orderId);
  const context = await requirePage('viewer', paths.refund(orderId, toSearch(await searchParams)));
  const { person } = context;
  const { order, timings, events, refund } = await loadOrder(context, orderId);
  const {
    recommendation,
    orderCase,
    factsChange,
    approval,
    permission,
    steps,
    timeline,
    version = '',
  } = refund;
  const timeZone = order.location.timeZone ?? undefined;
  const orderTimeline = buildTimeline(events);
  return (
    <article
      aria-labelledby="order-title"
      data-open-order={orderId}
      className="mx-auto flex max-w-180 flex-col gap-3 p-3 xl:p-4"
    >
      <OrderHeader
        order={order}
        promise={orderTimeline.promise}
        recommendation={recommendation}
        factsChanged={factsChange !== undefined}
      />
      <Recommendation recommendation={recommendation} />
      {orderCase && <CaseBar orderCase={orderCase} steps={steps} version={version} />}
      <DecisionPanel
        key={orderId}
        orderId={orderId}
        totalCents={order.totalCents}
        suggestion={recommendation?.suggestion ?? null}
        currentDecision={recommendation?.decision ?? null}
        approval={approval ?? null}
        factsChange={factsChange ?? null}
        changedTs={orderCase?.changedTs ?? null}
        permission={permission}
        viewer={{ email: person.email, isLead: mayActAs(person, 'lead') }}
      />
      <Items order={order} />
      <Timeline orderId={orderId} timeline={orderTimeline} timings={timings} timeZone={timeZone} />
      <Drive orderId={orderId} events={events} timeZone={timeZone} exact={mayActAs(person, 'reviewer')} />
      <History entries={timeline} />
    </article>
  );
}

async function loadOrder({ db, person }: PersonContext, orderId: string) {
  const synced = orderIdText.safeParse(orderId).success ? await getSyncedOrder(db, orderId) : undefined;
  if (!synced) notFound();
  const { location, createdTs, deliveredTs } = synced.order;
  const [timings, refund] = await Promise.all([
    location.code === null ? {} : getPhaseTimings(db, location.code, new Date(deliveredTs ?? createdTs)),
    loadCase(db, person, orderId),
  ]);
  return { ...synced, timings, refund };
}
