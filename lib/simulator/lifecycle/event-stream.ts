import type { OrderEvent } from '#lib/contract/event.ts';
import { localDayOf, openingOf } from '../location/local-time.ts';
import type { LocationModel } from '../location/location-model.ts';
import { drawOrders, type Order } from '../orders/draw-orders.ts';
import { type ScheduledEvent, toEvent, toLine } from './encode-event.ts';
import { scheduleEvents } from './order-lifecycle.ts';

/** Events as the lines of a file, with the number of events and of orders that they create. */
export type WindowText = { text: string; events: number; orders: number };

/**
 * The events of a location after a position. Each call gives those since the last call up to `to` (epoch ms): as
 * events, or, where the stream supports it, directly as text, which is several times as fast.
 */
export type EventStream = {
  take(to: number): OrderEvent[];
  takeText?(to: number): WindowText;
};

/**
 * Opens the simulated events of a location after `position` (epoch ms), ordered by time. The content of a window
 * depends on its bounds alone, not on the calls before it. Only orders in progress are kept in memory.
 */
export function openEventStream(model: LocationModel, position: number): EventStream {
  const orders = openOrders(model, position);
  let pending: ScheduledEvent[] = [];
  const advance = (to: number): ScheduledEvent[] => {
    for (let order = orders.next(to); order; order = orders.next(to))
      for (const event of scheduleEvents(order, model.origin)) pending.push(event);
    const due = pending.filter((event) => event.at <= to);
    pending = pending.filter((event) => event.at > to);
    return due.sort(compareEvents);
  };
  advance(position);
  return {
    take: (to) => advance(to).map(toEvent),
    takeText(to) {
      const due = advance(to);
      const created = due.reduce((sum, { type }) => sum + (type === 'order_created' ? 1 : 0), 0);
      let text = '';
      for (const event of due) text += toLine(event);
      return { text, events: due.length, orders: created };
    },
  };
}

/**
 * The orders of a location one by one. Every order ends within a day, so those of the business day before `position`
 * may still be in progress. A kitchen that closes after midnight may be open at the very start of the simulation, on
 * the business day before the first.
 */
function openOrders(model: LocationModel, position: number): { next(to: number): Order | undefined } {
  let day = Math.max(model.startDay - 1, localDayOf(position, model.location.time_zone) - 2);
  let ordersOfDay = drawOrders(model, day);
  let head: Order | undefined;
  return {
    next(to) {
      while (!head || head.createdAt <= model.start) {
        const step = ordersOfDay.next();
        head = step.done ? undefined : step.value;
        if (!step.done) continue;
        if (openingOf(day + 1, model.location) > to) return undefined;
        day += 1;
        ordersOfDay = drawOrders(model, day);
      }
      if (head.createdAt > to) return undefined;
      const order = head;
      head = undefined;
      return order;
    },
  };
}

function compareEvents(one: ScheduledEvent, other: ScheduledEvent): number {
  if (one.at !== other.at) return one.at - other.at;
  const [first, second] = [one.context.order.orderId, other.context.order.orderId];
  if (first !== second) return first < second ? -1 : 1;
  return one.sequence - other.sequence;
}
