import type { Database } from '#db/client.ts';
import { type Clock, sleep, systemClock } from '#lib/clock.ts';
import { defaultLimits, type PipelineCounts, runPipeline } from '#lib/pipeline/index.ts';
import { ADDRESS_KEY } from './scratch.ts';

type DrainVolumeParams = {
  db: Database;
  volume: string;
  signal: AbortSignal;
  clock?: Clock;
  /** The most files of a batch; the pipeline's own limit where it is left out. */
  maxFiles?: number;
};

/** Runs the files of a volume through the pipeline once, silently. @returns what the run counted. */
export function drainVolume({
  db,
  volume,
  signal,
  clock = systemClock,
  maxFiles = defaultLimits.maxFiles,
}: DrainVolumeParams): Promise<PipelineCounts> {
  return runPipeline({
    addressKey: ADDRESS_KEY,
    db,
    volume,
    mode: 'once',
    limits: { ...defaultLimits, maxFiles },
    clock,
    sleep,
    signal,
    say: () => undefined,
  });
}
