import type { Database } from '#db/client.ts';
import { listDeliveries } from './facts/list-deliveries.ts';
import type { DeliveredOrder } from './facts/order-facts.ts';
import { percentileShares, windowMicros } from './policy/benchmark.ts';
import type { Refund } from './policy/compute-refund.ts';
import type { Policy } from './policy/rules.ts';
import { assessOrder } from './policy/score-order.ts';
import { measureOrders } from './scoring/measure-orders.ts';
import { rollPercentiles } from './scoring/rolling-percentiles.ts';
import { listNextDeliveries } from './stream/list-next-deliveries.ts';

export { scoreOrders } from './scoring/score-orders.ts';

const EVERYTHING = 10_000_000;

/** The facts of every delivered order. */
export async function loadOrders(db: Database): Promise<DeliveredOrder[]> {
  const start = { batchId: '0', orderId: '' };
  return (await listNextDeliveries(db.pool, 'policy', start, EVERYTHING)).chosen;
}

/** The refunds of orders alone, without reasons and evidence. */
export async function computeRefunds(
  db: Database,
  policy: Policy,
  orders: DeliveredOrder[],
): Promise<Refund[]> {
  const measured = await measureOrders(db.pool, policy, orders);
  return measured.map(({ order, benchmark }) => assessOrder(policy, order, benchmark).refund);
}

/** The minimal cost of exact rolling percentiles: every delivery read in order, entering and leaving a sorted window. */
export async function rollThroughDeliveries(db: Database, policy: Policy): Promise<void> {
  const { rows } = await db.pool.query<{ location: string }>(
    'select distinct location from lakeflow.silver_deliveries where location is not null',
  );
  const [from, until] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (const { location } of rows) {
    const deliveries = await listDeliveries(db.pool, location, from, until);
    const rolling = rollPercentiles(deliveries, windowMicros.trailing_day, percentileShares(policy));
    for (const { deliveredAt } of deliveries) rolling.at(deliveredAt);
  }
}
