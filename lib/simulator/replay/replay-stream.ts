import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream } from '../lifecycle/event-stream.ts';
import { type ReplayOrigin, toReplayedEvent } from './recorded-event.ts';
import type { Recording } from './recording.ts';

/** Maps recorded to replayed time: `epoch` (epoch seconds) is played at `begin` (epoch ms), and again every `cycleMs`. */
export type ReplaySchedule = { epoch: number; begin: number; cycleMs: number };

/** The rows of one location in order of time, with their offsets from the recording's epoch in ms. */
export type Track = { recording: Recording; rows: Uint32Array; offsets: Float64Array; origin: ReplayOrigin };

/** Sorts the rows of a location by time, then sequence. */
export function buildTrack(recording: Recording, rows: number[], epoch: number, origin: ReplayOrigin): Track {
  const time = (row: number) => recording.count('ts_seconds', row);
  const sorted = Uint32Array.from(rows).sort(
    (one, other) =>
      time(one) - time(other) ||
      recording.count('sequence', one) - recording.count('sequence', other) ||
      one - other,
  );
  const offsets = Float64Array.from(sorted, (row) => (time(row) - epoch) * 1_000);
  return { recording, rows: sorted, offsets, origin };
}

/**
 * The recorded events of a location after `position` (epoch ms). An order in progress at the end of the recording
 * continues in the first hours of the next cycle, so cycles overlap and no event is lost.
 */
export function openReplayStream(track: Track, schedule: ReplaySchedule, position: number): EventStream {
  let from = position;
  return {
    take(to) {
      const due = listDue(track, schedule, from, to);
      from = Math.max(from, to);
      return due.map(
        ({ at, cycle, row }): OrderEvent =>
          toReplayedEvent(track.recording, row, { at, cycle, origin: track.origin }),
      );
    },
  };
}

type DueRow = { at: number; cycle: number; row: number };

function listDue(
  { rows, offsets }: Track,
  { begin, cycleMs }: ReplaySchedule,
  from: number,
  to: number,
): DueRow[] {
  const maxOffset = offsets.at(-1) ?? 0;
  const first = Math.max(0, Math.floor((from - begin - maxOffset) / cycleMs));
  const due: DueRow[] = [];
  for (let cycle = first; begin + cycle * cycleMs <= to; cycle += 1) {
    const start = begin + cycle * cycleMs;
    const end = findAfter(offsets, to - start);
    for (let index = findAfter(offsets, from - start); index < end; index += 1)
      due.push({ at: start + (offsets[index] ?? 0), cycle, row: rows[index] ?? 0 });
  }
  return due.sort((one, other) => one.at - other.at);
}

/** The first index whose offset is greater than `limit`, by binary search. */
function findAfter(offsets: Float64Array, limit: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
