import type { OrderEvent } from '#lib/contract/event.ts';
import { localDayOf, openingOf } from './local-time.ts';
import { type Moment, toEvent, toLine } from './moment.ts';
import type { Order } from './order.ts';
import { listMoments } from './order-lifecycle.ts';
import { drawOrders } from './orders-of-day.ts';
import type { World } from './world.ts';

/** The lines of some events, how many they are, and how many orders they create. */
export type WindowText = { text: string; events: number; orders: number };

/**
 * A location's events from a position on; each call gives those since the last one up to `to` (epoch ms), as events or,
 * where the stream can, at once as the text of a file.
 */
export type EventStream = {
  take(to: number): OrderEvent[];
  takeText?(to: number): WindowText;
};

/**
 * Opens the events of a world after `position` (epoch ms), ordered by time. What a window holds depends on its
 * bounds alone, not on how often or how far one has taken before. Only orders under way are kept in memory.
 */
export function openEventStream(world: World, position: number): EventStream {
  const orders = openOrders(world, position);
  let pending: Moment[] = [];
  const advance = (to: number): Moment[] => {
    for (let order = orders.next(to); order; order = orders.next(to))
      for (const moment of listMoments(order, world.origin)) pending.push(moment);
    const due = pending.filter((moment) => moment.at <= to);
    pending = pending.filter((moment) => moment.at > to);
    return due.sort(compareMoments);
  };
  advance(position);
  return {
    take: (to) => advance(to).map(toEvent),
    takeText(to) {
      const due = advance(to);
      const orders = due.reduce((sum, { type }) => sum + (type === 'order_created' ? 1 : 0), 0);
      let text = '';
      for (const moment of due) text += toLine(moment);
      return { text, events: due.length, orders };
    },
  };
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

function compareMoments(one: Moment, other: Moment): number {
  if (one.at !== other.at) return one.at - other.at;
  const [first, second] = [one.life.order.orderId, other.life.order.orderId];
  if (first !== second) return first < second ? -1 : 1;
  return one.sequence - other.sequence;
}
