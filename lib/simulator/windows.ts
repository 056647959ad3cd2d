import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream } from './event-stream.ts';
import { type FaultyWindow, openFaultyStream } from './faults/faulty-stream.ts';
import type { Hazards } from './faults/inject.ts';

/** What a file is to hold: its lines, and how many orders and events they are. */
export type Window = FaultyWindow;

/** A location's files from a position on; each call gives what has happened since the last one up to `to` (epoch ms). */
export type Windows = { take(to: number): Window };

/** Opens a location's windows after `position` (epoch ms), with what befalls its events where anything does. */
export function openWindows(
  open: (position: number) => EventStream,
  position: number,
  hazards: Hazards | undefined,
): Windows {
  if (hazards) return openFaultyStream(open, hazards, position);
  const events = open(position);
  return {
    take(to) {
      const { lines, orders } = events.takeLines?.(to) ?? describeEvents(events.take(to));
      return { lines, orders, events: lines.length, faults: [] };
    },
  };
}

function describeEvents(events: OrderEvent[]): { lines: string[]; orders: number } {
  const lines = events.map((event) => `${JSON.stringify(event)}\n`);
  const orders = events.reduce((sum, { event_type }) => sum + (event_type === 'order_created' ? 1 : 0), 0);
  return { lines, orders };
}
