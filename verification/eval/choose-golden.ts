import { createHash } from 'node:crypto';
import type { SimulatedDelivery } from './simulate-deliveries.ts';

type Label = {
  order_id: string;
  refund_class: string;
  refund_usd: string;
  made: 'simulated';
  because: string;
};
/** An order with the exact P75 and P99 of the 24 hours up to it, in hundredths of a second. */
type Measured = SimulatedDelivery & { size: number; p75: bigint; p99: bigint };

/** How many orders of each kind are labelled; `near` are those closest to a limit, from either side. */
const WANTED = { onTime: 60, nearP75Below: 35, nearP75Above: 35, late: 40, nearP99Below: 15, veryLate: 25 };
const DAY = 86_400_000;
const FIRST_LABELLED = Date.parse('2026-06-01T14:00:00Z');

/**
 * Chooses orders of every kind and labels them with what policy v1 owes, in whole numbers throughout. It uses no
 * arithmetic of the recommender, so that a label can prove the recommender wrong.
 */
export function chooseGolden(deliveries: SimulatedDelivery[]): Label[] {
  const measured = deliveries
    .filter(({ delivered_ts }) => Date.parse(delivered_ts) >= FIRST_LABELLED)
    .map((order) => measure(order, deliveries))
    .filter(({ size }) => size >= 30);
  const kinds: [keyof typeof WANTED, (order: Measured) => boolean, (order: Measured) => bigint][] = [
    ['nearP75Below', (order) => hundredths(order) <= order.p75, (order) => order.p75 - hundredths(order)],
    ['nearP75Above', (order) => isLate(order), (order) => hundredths(order) - order.p75],
    ['nearP99Below', (order) => isLate(order), (order) => order.p99 - hundredths(order)],
    ['veryLate', (order) => hundredths(order) > order.p99, randomRank],
    ['late', (order) => isLate(order), randomRank],
    ['onTime', (order) => hundredths(order) <= order.p75, randomRank],
  ];
  const chosen = new Map<string, Label>();
  for (const [kind, fits, rank] of kinds) {
    const fresh = measured.filter((order) => fits(order) && !chosen.has(order.order_id));
    const first = fresh.toSorted((a, b) => Number(rank(a) - rank(b))).slice(0, WANTED[kind]);
    for (const order of first) chosen.set(order.order_id, label(order));
  }
  return [...chosen.values()];
}

function measure(order: SimulatedDelivery, deliveries: SimulatedDelivery[]): Measured {
  const until = order.delivered_ts;
  const from = `${new Date(Date.parse(until) - DAY).toISOString().slice(0, 19)}${until.slice(19)}`;
  const inDay = deliveries
    .filter(
      (other) =>
        other.location === order.location && other.delivered_ts > from && other.delivered_ts <= until,
    )
    .map(({ seconds }) => seconds)
    .sort((a, b) => a - b);
  return { ...order, size: inDay.length, p75: percentile(inDay, 75), p99: percentile(inDay, 99) };
}

/** The percentile in hundredths, interpolated between its two neighbours. */
function percentile(sorted: number[], percent: number): bigint {
  const position = percent * (sorted.length - 1);
  const low = sorted[Math.floor(position / 100)] ?? 0;
  const high = sorted[Math.ceil(position / 100)] ?? low;
  return BigInt(low) * 100n + BigInt(position % 100) * BigInt(high - low);
}

function hundredths({ seconds }: SimulatedDelivery): bigint {
  return BigInt(seconds) * 100n;
}

function isLate(order: Measured): boolean {
  return hundredths(order) > order.p75 && hundredths(order) <= order.p99;
}

/** A rank that does not depend on any property of the order. */
function randomRank({ order_id }: SimulatedDelivery): bigint {
  return BigInt(`0x${createHash('sha256').update(order_id).digest('hex').slice(0, 12)}`);
}

function label(order: Measured): Label {
  const late = hundredths(order) > order.p75;
  const percent = hundredths(order) > order.p99 ? 25n : late ? 15n : 0n;
  const total = BigInt(order.total_usd.replace('.', ''));
  const halves = (total * percent * 2n + 5_000n) / 10_000n;
  const owed = percent === 0n ? 0n : halves === 0n ? 50n : halves * 50n;
  const refund = owed > total ? total : owed;
  const refundClass = refund === 0n ? 'none' : refund === total ? 'full' : 'partial';
  const minutes = (value: bigint) => (Number(value) / 6_000).toFixed(3);
  const because = `Took ${minutes(hundredths(order))} min; of ${order.size} in 24 h, P75 is ${minutes(order.p75)} and P99 ${minutes(order.p99)}: ${percent} % of $${order.total_usd}.`;
  const amount = `${refund / 100n}.${String(refund % 100n).padStart(2, '0')}`;
  return {
    order_id: order.order_id,
    refund_class: refundClass,
    refund_usd: amount,
    made: 'simulated',
    because,
  };
}
