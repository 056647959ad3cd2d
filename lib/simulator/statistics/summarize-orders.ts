import { countPings } from '../order-lifecycle.ts';
import { drawOrders } from '../orders-of-day.ts';
import type { World } from '../world.ts';

/** What the orders of some days look like: `minutes` from created to delivered, `usd` an order's total on average. */
export type OrderSummary = {
  orders: number;
  events: number;
  pings: number;
  /** Orders whose driver came before they were ready. */
  early: number;
  usd: number;
  minutes: { p50: number; p75: number; p95: number; p99: number };
  driveMinutes: number;
};

export function summarizeOrders(world: World, days: number): OrderSummary {
  let [orders, pings, early, cents, drive] = [0, 0, 0, 0, 0];
  const minutes: number[] = [];
  for (let day = world.startDay; day < world.startDay + days; day += 1)
    for (const order of drawOrders(world, day)) {
      const driveMs = order.deliveredAt - order.pickedUpAt;
      orders += 1;
      pings += countPings(driveMs, world.origin.pingMs);
      early += order.arrivedAt < order.readyAt ? 1 : 0;
      cents += order.items.reduce((sum, { price, qty }) => sum + Math.round(price * 100) * qty, 0);
      drive += driveMs / 60_000;
      minutes.push((order.deliveredAt - order.createdAt) / 60_000);
    }
  minutes.sort((one, other) => one - other);
  const at = (share: number) => minutes[Math.floor(minutes.length * share)] ?? 0;
  return {
    orders,
    events: 7 * orders + pings,
    pings,
    early,
    usd: cents / 100 / orders,
    minutes: { p50: at(0.5), p75: at(0.75), p95: at(0.95), p99: at(0.99) },
    driveMinutes: drive / orders,
  };
}
