import type { Clock } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { readVolumeTime } from '#lib/volume/index.ts';

/** How far the watermark is behind the newest event time; an older event is late. */
export const LATENESS = '3 hours';
const LATENESS_MS = 3 * 3_600_000;
/** How far an event time may be ahead of the pipeline's clock. */
const TOLERANCE_MS = 600_000;

/** Times here are ISO 8601 in UTC with microseconds, as the contract gives them: their order is that of their texts. */
type Timestamp = string;

/** The latest event time that is accepted at `now`, by the pipeline's clock. */
export function horizonAt(now: Date): Timestamp {
  return withMicroseconds(now.getTime() + TOLERANCE_MS, '000');
}

/** The time before which events are late, to the microsecond. @param maxEventTs the newest event time so far. */
export function watermarkBehind(maxEventTs: Timestamp): Timestamp {
  const milliseconds = Date.parse(`${maxEventTs.slice(0, 23)}Z`);
  return withMicroseconds(milliseconds - LATENESS_MS, maxEventTs.slice(23, 26));
}

function withMicroseconds(epochMs: number, microseconds: string): Timestamp {
  return `${new Date(epochMs).toISOString().slice(0, -1)}${microseconds}Z`;
}

/**
 * The pipeline's clock for the events of a volume: the wall clock, or the time that a writer ahead of it has announced.
 * Event times never move it. Read it after the files whose events it judges. Where the announced time cannot be read,
 * `say` gets the reason and the wall clock counts.
 */
export async function readPipelineTime(
  volume: string,
  clock: Clock,
  say: (message: string) => void,
): Promise<Date> {
  const wall = clock.now();
  return readVolumeTime(volume, wall).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    say(`Using the wall clock: ${error.message}`);
    return wall;
  });
}
