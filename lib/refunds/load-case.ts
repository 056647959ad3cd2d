import type { Database } from '#db/client.ts';
import type { Person } from '#lib/contract/person.ts';
import { getApproval, listRequests } from './approvals/approval-requests.ts';
import { getFactsChange } from './cases/facts-change.ts';
import { getCase } from './cases/get-case.ts';
import { getVersion } from './cases/watch-order.ts';
import { buildCaseTimeline, listCaseMoves } from './history/case-timeline.ts';
import { listDecisions } from './history/list-decisions.ts';
import { getRecommendation } from './queue/queue-item.ts';
import { canDecide, listSteps } from './rules/permissions.ts';

/** All that the page of an order shows of its refund, and what the person may do now. */
export async function loadCase({ pool }: Pick<Database, 'pool'>, person: Person, orderId: string) {
  // Read before the rest, so that what changes in between shows up as a change instead of being missed.
  const version = await getVersion(pool, orderId);
  const [recommendation, orderCase, factsChange, approval, decisions, moves, requests] = await Promise.all([
    getRecommendation({ pool }, orderId),
    getCase(pool, orderId),
    getFactsChange(pool, orderId),
    getApproval(pool, orderId),
    listDecisions({ pool }, orderId),
    listCaseMoves(pool, orderId),
    listRequests(pool, orderId),
  ]);
  return {
    version,
    recommendation,
    orderCase,
    factsChange,
    approval,
    timeline: buildCaseTimeline({ moves, requests, decisions }),
    permission: canDecide(person, recommendation),
    steps: orderCase ? listSteps(person, orderCase) : [],
  };
}
