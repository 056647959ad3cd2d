import type { RecommendedFacts } from '#db/recommendation-columns.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import { toDecimal } from '#lib/money.ts';
import type { SequenceEvent } from './make-sequence.ts';

const MINUTE = 60_000;
const UNDELIVERED_AFTER = 180 * MINUTE;
const LATENESS = 180 * MINUTE;

/** What the accepted events of one order say, and whether a record of it waits in quarantine. */
export type KnownOrder = { events: readonly SequenceEvent[]; isWaiting: boolean };
/** The newest event time of each location and of all. */
export type Newest = { all: number; byLocation: ReadonlyMap<string | null, number> };

/** Only what the comparison needs of the newest recommendation. */
export type NewestAnswer = {
  refundClass: string | null;
  refundCents: number | null;
  policyVersion: string;
  evidence: Evidence;
  facts: RecommendedFacts;
};

/**
 * Compares the newest recommendation of an order with the one that its own facts give: by policy v1, written here a
 * second time, with the benchmark of the recommendation's own evidence. @returns what is wrong, if anything.
 */
export function findWrong(
  order: KnownOrder,
  newest: Newest,
  given: NewestAnswer | undefined,
): string | undefined {
  const created = first(order.events, 'order_created');
  const delivered = first(order.events, 'delivered');
  if (!created) return given && 'an order that was never created has a recommendation';
  const facts = factsOf(created, delivered);
  if (delivered) return given ? compareDelivered(facts, given) : 'a delivered order has no recommendation';
  const own = created.location === null ? newest.all : (newest.byLocation.get(created.location) ?? 0);
  const isUp = Date.parse(created.ts) + UNDELIVERED_AFTER <= Math.min(own, newest.all) - LATENESS;
  if (!isUp || order.isWaiting)
    return given?.refundClass == null ? undefined : 'an answer that nothing yet bears out';
  if (!given) return 'an undelivered order has no recommendation';
  const total = Math.round(Number(facts.total) * 100);
  return compare(facts, given, { refundClass: total > 0 ? 'full' : 'none', refundCents: total });
}

/** The event of a type that counts: the one with the smallest time, then the smallest id. */
function first(
  events: readonly SequenceEvent[],
  type: SequenceEvent['event_type'],
): SequenceEvent | undefined {
  return events
    .filter(({ event_type }) => event_type === type)
    .toSorted((a, b) => (a.ts < b.ts ? -1 : a.ts > b.ts ? 1 : a.event_id < b.event_id ? -1 : 1))[0];
}

function factsOf(created: SequenceEvent, delivered: SequenceEvent | undefined): RecommendedFacts {
  const items = created.body.items ?? [];
  const cents = items.reduce((sum, { price, qty }) => sum + Math.round(price * 100) * qty, 0);
  const iso = (ts: string) => ts.replace('Z', '000Z');
  return {
    created_at: iso(created.ts),
    delivered_at: delivered ? iso(delivered.ts) : null,
    promised_at: null,
    total: toDecimal(cents),
    lines: items.length,
  };
}

function compareDelivered(facts: RecommendedFacts, given: NewestAnswer): string | undefined {
  const { p75_minutes: p75, p99_minutes: p99 } = given.evidence;
  const minutes = (Date.parse(facts.delivered_at ?? '') - Date.parse(facts.created_at)) / 1000 / 60;
  const percent = minutes > p99 ? 25 : minutes > p75 ? 15 : 0;
  const total = Math.round(Number(facts.total) * 100);
  if (percent === 0 || total === 0) return compare(facts, given, { refundClass: 'none', refundCents: 0 });
  const amount = Math.max(Math.floor((total * percent) / 5000 + 0.5) * 50, 50);
  return amount >= total
    ? compare(facts, given, { refundClass: 'full', refundCents: total })
    : compare(facts, given, { refundClass: 'partial', refundCents: amount });
}

function compare(
  facts: RecommendedFacts,
  given: NewestAnswer,
  answer: { refundClass: string; refundCents: number },
): string | undefined {
  const wanted = JSON.stringify({ ...answer, facts: sorted(facts) });
  const found = JSON.stringify({
    ...{ refundClass: given.refundClass, refundCents: given.refundCents },
    facts: given.facts && sorted(given.facts),
  });
  if (given.policyVersion !== 'v1') return `scored by policy ${given.policyVersion}`;
  return wanted === found ? undefined : `${found} and must be ${wanted}`;
}

/** A jsonb does not keep the order of its keys. */
const sorted = (facts: RecommendedFacts) => Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1));
