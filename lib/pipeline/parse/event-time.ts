import type { Clock } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { readVolumeTime } from '#lib/volume/index.ts';

/** How far behind the newest event time the watermark stands; an event older than that is late. */
export const LATENESS = '3 hours';
const LATENESS_MS = 3 * 3_600_000;
/** How far an event time may lie ahead of the pipeline's clock and still be believed, in milliseconds. */
const TOLERANCE_MS = 600_000;

/** Times here are ISO 8601 in UTC with microseconds, as the contract gives them: their order is that of their texts. */
type Instant = string;

/** The latest event time that is believed at `now`, by the pipeline's clock. */
export function horizonAt(now: Date): Instant {
  return withMicroseconds(now.getTime() + TOLERANCE_MS, '000');
}

/** The time before which events are late, when the newest believed one is `newest`; to the microsecond. */
export function watermarkBehind(newest: Instant): Instant {
  const milliseconds = Date.parse(`${newest.slice(0, 23)}Z`);
  return withMicroseconds(milliseconds - LATENESS_MS, newest.slice(23, 26));
}

function withMicroseconds(epochMs: number, microseconds: string): Instant {
  return `${new Date(epochMs).toISOString().slice(0, -1)}${microseconds}Z`;
}

/**
 * The pipeline's clock: what time it is for the events of a volume. The wall clock, or what a writer that runs
 * ahead of it has announced; event times never move it. Read it after the files whose events it judges.
 */
export async function readPipelineTime(
  volume: string,
  clock: Clock,
  say: (message: string) => void,
): Promise<Date> {
  const wall = clock.now();
  return readVolumeTime(volume, wall).catch((error: unknown) => {
    if (!(error instanceof OperatorError)) throw error;
    say(`Time is taken from the wall clock: ${error.message}`);
    return wall;
  });
}
