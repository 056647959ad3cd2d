import type { OrderEvent } from '#lib/contract/event.ts';
import type { EventStream } from '../event-stream.ts';
import { describeRow, type ReplayOrigin } from './recorded-event.ts';
import type { Recording } from './recording.ts';

const SECOND = 1_000;

/** How recorded time becomes replayed time: `epoch` (in seconds) is played at `begin` (epoch ms), again each cycle. */
export type Timetable = { epoch: number; begin: number; cycleMs: number };

/** The rows of one location in the order of their time. */
export type Track = { recording: Recording; rows: Uint32Array; offsets: Float64Array; origin: ReplayOrigin };

type Due = { at: number; loop: number; row: number };

/** The rows of a location, sorted by time, then sequence. */
export function openTrack(recording: Recording, rows: number[], epoch: number, origin: ReplayOrigin): Track {
  const time = (row: number) => recording.count('ts_seconds', row);
  const sorted = Uint32Array.from(rows).sort(
    (one, other) =>
      time(one) - time(other) ||
      recording.count('sequence', one) - recording.count('sequence', other) ||
      one - other,
  );
  const offsets = Float64Array.from(sorted, (row) => (time(row) - epoch) * SECOND);
  return { recording, rows: sorted, offsets, origin };
}

/**
 * A location's recorded events after `position` (epoch ms). An order that was under way when the recording ended goes
 * on in the first hours of the next loop, so loops overlap and none of its events is lost.
 */
export function openReplayStream(track: Track, timetable: Timetable, position: number): EventStream {
  let from = position;
  return {
    take(to) {
      const due = listDue(track, timetable, from, to);
      from = Math.max(from, to);
      return due.map(
        ({ at, loop, row }): OrderEvent => describeRow(track.recording, row, at, loop, track.origin),
      );
    },
  };
}

function listDue({ rows, offsets }: Track, { begin, cycleMs }: Timetable, from: number, to: number): Due[] {
  const longest = offsets.at(-1) ?? 0;
  const first = Math.max(0, Math.floor((from - begin - longest) / cycleMs));
  const due: Due[] = [];
  for (let loop = first; begin + loop * cycleMs <= to; loop += 1) {
    const start = begin + loop * cycleMs;
    const end = findAfter(offsets, to - start);
    for (let index = findAfter(offsets, from - start); index < end; index += 1)
      due.push({ at: start + (offsets[index] ?? 0), loop, row: rows[index] ?? 0 });
  }
  return due.sort((one, other) => one.at - other.at);
}

/** The first index whose offset is beyond `limit`. */
function findAfter(offsets: Float64Array, limit: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((offsets[middle] ?? 0) <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
