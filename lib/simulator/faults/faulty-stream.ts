import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream } from '../lifecycle/event-stream.ts';
import type { FaultPlan } from './fault-plan.ts';
import { type Emission, injectFaults } from './inject.ts';
import type { FaultRecord } from './manifest.ts';

const HOUR = 3_600_000;
/** The watermark of the pipeline: a late event is at least this far behind the newest one. */
const WATERMARK_MS = 3 * HOUR;
/** Longer than any event is held back, including the night when the kitchen is closed. */
const LOOKBACK_MS = 48 * HOUR;

/** The content of one file, with its faults. `orders` and `events` do not count duplicates. */
export type FaultyWindow = { lines: string[]; orders: number; events: number; faults: FaultRecord[] };
export type FaultyStream = { take(to: number): FaultyWindow };

/** An emission with the instant at which it is sent, and the time of its event. */
type ScheduledEmission = Emission & { at: number; ts: number; isOrder: boolean };

/**
 * Applies a fault plan to the events of a location after `position` (epoch ms). When an event is sent depends on the
 * events alone, not on the windows, so any sequence of windows has the same content. A restart opens the stream at an
 * earlier position, and so knows which events are still held back.
 */
export function openFaultyStream(
  open: (position: number) => EventStream,
  plan: FaultPlan,
  position: number,
): FaultyStream {
  const events = open(position - LOOKBACK_MS);
  let scheduled: ScheduledEmission[] = [];
  let waitingForWatermark: ScheduledEmission[] = [];
  let missingBefore: FaultRecord[] = [];

  const schedule = (event: OrderEvent): void => {
    const ts = Date.parse(`${event.ts.replace(' ', 'T')}Z`);
    const isOrder = event.event_type === 'order_created';
    const emissions = injectFaults(event, ts, plan).map((emission) => ({
      ...emission,
      at: ts + emission.delayMs,
      ts,
      isOrder,
    }));
    scheduled.push(...emissions.filter(({ late }) => !late));
    waitingForWatermark.push(...emissions.filter(({ late }) => late));
    if (emissions.some(({ fault, line }) => line !== undefined && fault === undefined)) moveWatermark(ts);
  };
  /** A valid event at `ts` moves the watermark. Its file ends within the hour, so an event sent after that is late. */
  const moveWatermark = (ts: number): void => {
    const due = waitingForWatermark.filter((each) => each.ts < ts - WATERMARK_MS);
    if (due.length === 0) return;
    waitingForWatermark = waitingForWatermark.filter((each) => each.ts >= ts - WATERMARK_MS);
    scheduled.push(...due.map((each) => ({ ...each, at: ts + each.delayMs })));
  };
  const take = (to: number): ScheduledEmission[] => {
    for (const event of events.take(to)) schedule(event);
    const due = scheduled.filter(({ at }) => at <= to).sort((one, other) => one.at - other.at);
    scheduled = scheduled.filter(({ at }) => at > to);
    return due;
  };

  take(position);
  return {
    take(to) {
      const window = assemble(take(to), missingBefore);
      missingBefore = window.lines.length > 0 ? [] : window.faults;
      return window;
    },
  };
}

/** `missingBefore` are the missing events of earlier windows without lines, which had no file to record them. */
function assemble(due: ScheduledEmission[], missingBefore: FaultRecord[]): FaultyWindow {
  const window: FaultyWindow = { lines: [], orders: 0, events: 0, faults: [...missingBefore] };
  for (const { line, fault, at, ts, isOrder } of due) {
    if (line !== undefined) window.lines.push(`${line}\n`);
    const isFirst = line !== undefined && fault?.fault !== 'duplicate';
    window.events += isFirst ? 1 : 0;
    window.orders += isFirst && isOrder ? 1 : 0;
    if (!fault) continue;
    const lineNumber = line === undefined ? null : window.lines.length;
    window.faults.push({ ...fault, line: lineNumber, ...(at > ts ? { delay_ms: at - ts } : {}) });
  }
  return window;
}
