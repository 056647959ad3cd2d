import type { Clock } from '#lib/clock.ts';
import { OperatorError } from '#lib/errors.ts';
import { readVolumeTime } from '#lib/volume/index.ts';

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
