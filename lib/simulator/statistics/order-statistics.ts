import { countPings } from '../lifecycle/order-lifecycle.ts';
import type { LocationModel } from '../location/location-model.ts';
import { drawOrders } from '../orders/draw-orders.ts';

/** Statistics of the orders of some days. `minutes` are from created to delivered; `usd` is the average order total. */
export type OrderStatistics = {
  orders: number;
  events: number;
  pings: number;
  /** Orders whose driver arrived before they were ready. */
  early: number;
  usd: number;
  minutes: { p50: number; p75: number; p95: number; p99: number };
  driveMinutes: number;
};

export function measureOrders(model: LocationModel, days: number): OrderStatistics {
  let [orders, pings, early, cents, driveMinutes] = [0, 0, 0, 0, 0];
  const minutes: number[] = [];
  for (let day = model.startDay; day < model.startDay + days; day += 1)
    for (const order of drawOrders(model, day)) {
      const driveMs = order.deliveredAt - order.pickedUpAt;
      orders += 1;
      pings += countPings(driveMs, model.origin.pingMs);
      early += order.arrivedAt < order.readyAt ? 1 : 0;
      cents += order.items.reduce((sum, { price, qty }) => sum + Math.round(price * 100) * qty, 0);
      driveMinutes += driveMs / 60_000;
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
    driveMinutes: driveMinutes / orders,
  };
}
