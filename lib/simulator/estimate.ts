import { plannedOrders, weighMinutes } from './demand.ts';
import { openEventStream } from './event-stream.ts';
import { listOpenMinutes, localDayOf } from './local-time.ts';
import type { World } from './world.ts';

const HOUR = 3_600_000;
/** Long enough to hold open hours wherever it begins. */
const SAMPLE_MS = 48 * HOUR;

/** What a run is expected to write; bytes before any fault. */
export type Estimate = { orders: number; events: number; files: number; bytes: number };

/** What a location is expected to write between two instants (epoch ms): by its demand, and by a sample of its events. */
export function estimate(world: World, from: number, to: number): Estimate {
  const { orders, hours } = expectOrders(world, from, to);
  const sample = openEventStream(world, from).take(Math.min(to, from + SAMPLE_MS));
  const sampled = sample.filter(({ sequence }) => sequence === 0).length;
  const bytes = sample.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)) + 1, 0);
  const scale = sampled > 0 ? orders / sampled : 0;
  return {
    orders: Math.round(orders),
    events: Math.round(sample.length * scale),
    files: hours,
    bytes: Math.round(bytes * scale),
  };
}

/** The orders that demand leads to, and the hours in which there are events: also the one after closing. */
function expectOrders(world: World, from: number, to: number): { orders: number; hours: number } {
  const { config, location, startDay, disruptions } = world;
  const zone = location.time_zone;
  const hours = new Set<number>();
  let orders = 0;
  for (let day = localDayOf(from, zone) - 1; day <= localDayOf(to, zone); day += 1) {
    const minutes = weighMinutes(listOpenMinutes(day, location), config);
    const all = minutes.reduce((sum, { weight }) => sum + weight, 0);
    const due = minutes.filter(({ at }) => at > from && at <= to);
    const share = due.reduce((sum, { at, weight }) => sum + weight * disruptions.demand(at), 0) / (all || 1);
    orders += share * plannedOrders(day, Math.max(0, day - startDay), location, config);
    for (const { at } of due)
      hours.add(Math.floor(at / HOUR)).add(Math.floor(Math.min(at + HOUR / 2, to) / HOUR));
  }
  return { orders, hours: hours.size };
}
