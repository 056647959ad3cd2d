import type { OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { localDayOf, openingOf } from './local-time.ts';
import { listEvents, type Order } from './order-lifecycle.ts';
import { drawOrders } from './orders-of-day.ts';
import type { World } from './world.ts';

/** A location's events from a position on; each call gives those since the last one up to `to` (epoch ms). */
export type EventStream = { take(to: number): OrderEvent[] };

/**
 * Opens the events of a world after `position` (epoch ms), ordered by time. What a window holds depends on its
 * bounds alone, not on how often or how far one has taken before. Only orders under way are kept in memory.
 */
export function openEventStream(world: World, position: number): EventStream {
  const orders = openOrders(world, position);
  let pending: OrderEvent[] = [];
  const take = (to: number): OrderEvent[] => {
    for (let order = orders.next(to); order; order = orders.next(to))
      pending.push(...listEvents(order, world.origin));
    const limit = formatTimestamp(to);
    const due = pending.filter((event) => event.ts <= limit);
    pending = pending.filter((event) => event.ts > limit);
    return due.sort(compareEvents);
  };
  take(position);
  return { take };
}

/**
 * Every order ends within a day, so those of the local day before may still be under way. A kitchen that closes after
 * midnight may be open at the very start, on the business day before the first.
 */
function openOrders(world: World, position: number): { next(to: number): Order | undefined } {
  let day = Math.max(world.startDay - 1, localDayOf(position, world.location.time_zone) - 2);
  let drawn = drawOrders(world, day);
  let head: Order | undefined;
  return {
    next(to) {
      while (!head || head.createdAt <= world.start) {
        const step = drawn.next();
        head = step.done ? undefined : step.value;
        if (!step.done) continue;
        if (openingOf(day + 1, world.location) > to) return undefined;
        day += 1;
        drawn = drawOrders(world, day);
      }
      if (head.createdAt > to) return undefined;
      const order = head;
      head = undefined;
      return order;
    },
  };
}

function compareEvents(one: OrderEvent, other: OrderEvent): number {
  if (one.ts !== other.ts) return one.ts < other.ts ? -1 : 1;
  if (one.order_id !== other.order_id) return one.order_id < other.order_id ? -1 : 1;
  return one.sequence - other.sequence;
}
