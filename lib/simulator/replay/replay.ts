import { UsageError } from '#lib/errors.ts';
import type { FaultRates } from '../faults/fault-kinds.ts';
import {
  runOverVolume,
  type SimulateReport,
  type SimulateTools,
  type TimeOptions,
} from '../live/run-over-volume.ts';
import type { LocationRun } from '../writer/location-run.ts';
import { openDataset, selectOrigins } from './dataset.ts';
import { openReplay } from './open-replay.ts';

const DAY = 86_400_000;
const DEFAULT_START_DAY = 70;

export type ReplayOptions = TimeOptions & {
  /** The directory of the recorded dataset. */
  directory: string;
  volume: string;
  /** The code of a location, or "all". */
  location: string;
  /** The recorded day, from 0, that is played today in a new volume; the days before it are written at once. */
  startDay?: number | undefined;
  faults?: FaultRates | undefined;
};

/**
 * Replays a recorded dataset with shifted timestamps: its first day is `startDay` days ago, and after the last day it
 * starts over. After an interruption it continues where the files end.
 * @throws UsageError for an unknown location or day, OperatorError for an invalid recording.
 */
export async function replay(options: ReplayOptions, tools: SimulateTools): Promise<SimulateReport[]> {
  const { directory, volume, location, faults } = options;
  const dataset = await openDataset(directory);
  const origins = selectOrigins(dataset, location);
  const startDay = options.startDay ?? Math.min(DEFAULT_START_DAY, dataset.days - 1);
  if (startDay >= dataset.days)
    throw new UsageError(
      `--start-day ${startDay} is beyond the recording: its days are 0 to ${dataset.days - 1}.`,
    );
  const open = async (now: Date) => {
    const today = Math.floor(now.getTime() / DAY) * DAY;
    const params = {
      volume,
      directory,
      dataset,
      begin: new Date(today - startDay * DAY),
      startDay,
      requestedDay: options.startDay,
      rates: faults ?? {},
    };
    const runs: LocationRun[] = [];
    for (const origin of origins) runs.push(await openReplay({ ...params, origin }));
    return runs;
  };
  return runOverVolume({ ...options, locations: origins.map((origin) => origin.location), open }, tools);
}
