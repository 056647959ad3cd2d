import type { PersonContext } from '#lib/auth/types.ts';
import { orderIdText } from '#lib/contract/decide-refund.ts';
import { getOrder } from '#lib/orders/get-order.ts';
import { getPhaseTimings } from '#lib/orders/get-phase-timings.ts';
import { listOrderEvents } from '#lib/orders/list-order-events.ts';
import { canDecide } from '#lib/refunds/can-decide.ts';
import { listSteps } from '#lib/refunds/can-step.ts';
import { getApproval } from '#lib/refunds/get-approval.ts';
import { getCase } from '#lib/refunds/get-case.ts';
import { getRecommendation } from '#lib/refunds/get-recommendation.ts';
import { getVersion } from '#lib/refunds/get-version.ts';
import { listCaseMoves, listRequests } from '#lib/refunds/list-case-history.ts';
import { listDecisions } from '#lib/refunds/list-decisions.ts';
import { tellCase } from '#lib/refunds/tell-case.ts';

/** All that the page of an order shows, or undefined where nobody knows the order. */
export async function loadOrder({ db, person }: PersonContext, orderId: string) {
  if (!orderIdText.safeParse(orderId).success) return undefined;
  // Read before all else: what changes in between is told as a change rather than missed.
  const version = await getVersion(db.pool, orderId);
  const order = await getOrder(db, orderId);
  if (!order) return undefined;
  const { location, createdTs, deliveredTs } = order;
  const [timings, events, recommendation, decisions, standing, approval, moves, requests] = await Promise.all(
    [
      location.code === null ? {} : getPhaseTimings(db, location.code, new Date(deliveredTs ?? createdTs)),
      listOrderEvents(db, orderId),
      getRecommendation(db, orderId),
      listDecisions(db, orderId),
      getCase(db.pool, orderId),
      getApproval(db.pool, orderId),
      listCaseMoves(db.pool, orderId),
      listRequests(db.pool, orderId),
    ],
  );
  const permission = canDecide({ person, recommendation });
  const steps = standing ? listSteps({ person, standing }) : [];
  return {
    order,
    timings,
    events,
    recommendation,
    history: tellCase({ moves, requests, decisions }),
    permission,
    standing,
    steps,
    approval,
    version,
  };
}
