import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream } from '../event-stream.ts';
import { type Delivery, type Hazards, injectFaults } from './inject.ts';
import type { FaultRecord } from './manifest.ts';

const HOUR = 3_600_000;
/** How far behind the newest event a late one lies at least: the watermark of the flow. */
const WATERMARK_MS = 3 * HOUR;
/** Longer than anything is held back, a closed kitchen's night included. */
const LOOKBACK_MS = 48 * HOUR;

/** What a file is to hold, with its faults; orders and events are lines that come the first time. */
export type FaultyWindow = { lines: string[]; orders: number; events: number; faults: FaultRecord[] };
export type FaultyStream = { take(to: number): FaultyWindow };

type Held = Delivery & { at: number; ts: number; isOrder: boolean };

/**
 * A location's events after `position` (epoch ms) as they arrive, faults included. When each arrives follows from the
 * events alone, so windows of any cut hold the same, and a restart knows what is held back: `open` looks back for it.
 */
export function openFaultyStream(
  open: (position: number) => EventStream,
  hazards: Hazards,
  position: number,
): FaultyStream {
  const events = open(position - LOOKBACK_MS);
  let held: Held[] = [];
  let awaiting: Held[] = [];
  let carried: FaultRecord[] = [];

  const receive = (event: OrderEvent): void => {
    const ts = Date.parse(`${event.ts.replace(' ', 'T')}Z`);
    const isOrder = event.event_type === 'order_created';
    const deliveries = injectFaults(event, ts, hazards).map((delivery) => ({
      ...delivery,
      at: ts + delivery.delayMs,
      ts,
      isOrder,
    }));
    held.push(...deliveries.filter(({ late }) => !late));
    awaiting.push(...deliveries.filter(({ late }) => late));
    if (deliveries.some(({ fault, line }) => line !== undefined && fault === undefined)) release(ts);
  };
  /** A sound event at `ts` moves the watermark; its file ends within the hour, so what comes after is late. */
  const release = (ts: number): void => {
    const due = awaiting.filter((each) => each.ts < ts - WATERMARK_MS);
    if (due.length === 0) return;
    awaiting = awaiting.filter((each) => each.ts >= ts - WATERMARK_MS);
    held.push(...due.map((each) => ({ ...each, at: ts + each.delayMs })));
  };
  const take = (to: number): Held[] => {
    for (const event of events.take(to)) receive(event);
    const due = held.filter(({ at }) => at <= to).sort((one, other) => one.at - other.at);
    held = held.filter(({ at }) => at > to);
    return due;
  };

  take(position);
  return {
    take(to) {
      const window = assemble(take(to), carried);
      carried = window.lines.length > 0 ? [] : window.faults;
      return window;
    },
  };
}

/** `carried` are events that never come of windows before, which had no file. */
function assemble(due: Held[], carried: FaultRecord[]): FaultyWindow {
  const window: FaultyWindow = { lines: [], orders: 0, events: 0, faults: [...carried] };
  for (const { line, fault, at, ts, isOrder } of due) {
    if (line !== undefined) window.lines.push(`${line}\n`);
    const isFirst = line !== undefined && fault?.fault !== 'duplicate';
    window.events += isFirst ? 1 : 0;
    window.orders += isFirst && isOrder ? 1 : 0;
    if (!fault) continue;
    const place = { line: line === undefined ? null : window.lines.length };
    window.faults.push({ ...fault, ...place, ...(at > ts ? { delay_ms: at - ts } : {}) });
  }
  return window;
}
