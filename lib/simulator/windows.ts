import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream, WindowText } from './event-stream.ts';
import { type FaultyStream, openFaultyStream } from './faults/faulty-stream.ts';
import type { Hazards } from './faults/inject.ts';
import type { FaultRecord } from './faults/manifest.ts';

/** What a file is to hold: the text of its lines, how many orders and events they are, and what befell them. */
export type Window = WindowText & { faults: FaultRecord[] };

/** A location's files from a position on; each call gives what has happened since the last one up to `to` (epoch ms). */
export type Windows = { take(to: number): Window };

/** Opens a location's windows after `position` (epoch ms), with what befalls its events where anything does. */
export function openWindows(
  open: (position: number) => EventStream,
  position: number,
  hazards: Hazards | undefined,
): Windows {
  if (hazards) return joinLines(openFaultyStream(open, hazards, position));
  const stream = open(position);
  return { take: (to) => ({ ...(stream.takeText?.(to) ?? describeEvents(stream.take(to))), faults: [] }) };
}

function joinLines(stream: FaultyStream): Windows {
  return {
    take(to) {
      const { lines, ...counts } = stream.take(to);
      return { ...counts, text: lines.join('') };
    },
  };
}

function describeEvents(events: OrderEvent[]): WindowText {
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const orders = events.reduce((sum, { event_type }) => sum + (event_type === 'order_created' ? 1 : 0), 0);
  return { text, events: events.length, orders };
}
