import type { Connection } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { queueOrders } from '../deferred/defer-orders.ts';
import { getDeliveries, listPlaced, type PlacedOrder } from '../facts/order-facts.ts';
import { getPolicy } from '../policy/policies.ts';
import type { Policy } from '../policy/rules.ts';
import type { PolicyAnswer } from '../policy/score-order.ts';
import { describeWaiting, scoreUnfinished } from '../policy/score-unfinished.ts';
import { type CurrentRecommendation, getCurrent, isBasedOn } from '../recommendations/get-current.ts';
import {
  fromPolicy,
  insertRecommendations,
  type NewRecommendation,
  recommendationOf,
} from '../recommendations/insert-recommendations.ts';
import { scoreOrders } from '../scoring/score-orders.ts';
import { holdOrders, releaseOrders } from './waiting-orders.ts';

export type ReviseOptions = { clock: Clock; defer: boolean };

/** `revised` recommendations were superseded; `undelivered` orders got their first, because their time was up. */
export type Revised = { revised: number; undelivered: number };

type Current = ReadonlyMap<string, CurrentRecommendation>;

/**
 * Compares what the facts of orders say now with their newest recommendations, and supersedes those that are based on
 * other facts: by the policy version of the recommendation and the benchmark as of now; with `defer`, the agent is asked
 * about deliveries again. A recommendation on the same facts is left alone, however the benchmark has moved. An order
 * without any gets its first here only where it was never delivered; deliveries get theirs from the stream. The
 * transaction must hold the lock of all writers.
 */
export async function reviseOrders(
  connection: Connection,
  orderIds: string[],
  options: ReviseOptions,
): Promise<Revised> {
  const total = { revised: 0, undelivered: 0 };
  if (orderIds.length === 0) return total;
  const current = await getCurrent(connection, orderIds);
  const active = await getPolicy(connection);
  const versions = Map.groupBy(orderIds, (id) => current.get(id)?.policyVersion ?? active.version);
  for (const [version, ids] of versions) {
    const policy = version === active.version ? active : await getPolicy(connection, version);
    const { revised, undelivered } = await reviseByPolicy(connection, policy, ids, current, options);
    total.revised += revised;
    total.undelivered += undelivered;
  }
  return total;
}

async function reviseByPolicy(
  connection: Connection,
  policy: Policy,
  orderIds: string[],
  current: Current,
  { clock, defer }: ReviseOptions,
): Promise<Revised> {
  const now = clock.now();
  const deliveries = await getDeliveries(connection, orderIds);
  const known = deliveries.filter(({ orderId }) => current.has(orderId));
  const changed = (await scoreOrders(connection, policy, known)).filter(isNews(current));
  const afterMinutes = policy.undeliveredAfterMinutes;
  const placed = afterMinutes === null ? [] : await listPlaced(connection, orderIds, afterMinutes);
  const { answers, held, withheld } = judgePlaced(policy, placed, current);

  const first = answers.filter(({ order }) => !current.has(order.orderId));
  const again = answers.filter(({ order }) => current.has(order.orderId)).filter(isNews(current));
  const revisions = [...(defer ? [] : changed), ...again].map(fromPolicy);
  const undelivered = await insertRecommendations(connection, first.map(fromPolicy), now, 'first');
  let revised = await insertRecommendations(connection, [...revisions, ...withheld], now, 'revision');
  if (defer && changed.length > 0) revised += await queueOrders(connection, changed, now, 'revision');

  await holdOrders(connection, held, now);
  const settled = [...deliveries, ...answers.map(({ order }) => order)].map(({ orderId }) => orderId);
  const open = placed.filter(({ orderId }) => !held.includes(orderId)).map(({ orderId }) => orderId);
  await releaseOrders(connection, [...settled, ...open]);
  return { revised, undelivered };
}

const isNews = (current: Current) => (answer: PolicyAnswer) => {
  const known = current.get(answer.order.orderId);
  return known === undefined || !isBasedOn(known, answer);
};

type Judged = { answers: PolicyAnswer[]; held: string[]; withheld: NewRecommendation[] };

/**
 * Decides about orders that were placed and not delivered: an answer where that is certain. Where a record waits, or
 * the order is no longer past its time but has an answer that says so, it is held, and such an answer is withheld.
 */
function judgePlaced(policy: Policy, placed: PlacedOrder[], current: Current): Judged {
  const judged: Judged = { answers: [], held: [], withheld: [] };
  for (const { isSettled, isInQuarantine, ...order } of placed) {
    const known = current.get(order.orderId);
    const answer = isSettled && !isInQuarantine ? scoreUnfinished(policy, order, 'undelivered') : undefined;
    if (answer) judged.answers.push(answer);
    else if (known || (isSettled && isInQuarantine)) judged.held.push(order.orderId);
    if (!answer && known?.isAnswered) judged.withheld.push(withhold(policy, order));
  }
  return judged;
}

function withhold(policy: Policy, order: PolicyAnswer['order']): NewRecommendation {
  return recommendationOf(order, {
    source: 'deferred',
    refundClass: null,
    refundCents: null,
    reason:
      'A record of this order waits in quarantine. It is answered when that record is replayed or dropped.',
    agentResponse: '',
    policyVersion: policy.version,
    evidence: describeWaiting(policy, order),
  });
}
