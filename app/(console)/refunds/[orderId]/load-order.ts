import type { PersonContext } from '#lib/auth/index.ts';
import { orderIdText } from '#lib/contract/fields.ts';
import { getOrder, getPhaseTimings, listOrderEvents } from '#lib/orders/index.ts';
import {
  canDecide,
  getApproval,
  getCase,
  getRecommendation,
  getVersion,
  listCaseMoves,
  listDecisions,
  listRequests,
  listSteps,
  tellCase,
} from '#lib/refunds/index.ts';

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
