import { UsageError } from '#lib/errors.ts';
import type { FaultRates } from '../faults/kinds.ts';
import type { Simulation } from '../open-location.ts';
import {
  runOverVolume,
  type SimulateReport,
  type SimulateTools,
  type TimeOptions,
} from '../run-over-volume.ts';
import { chooseOrigins, openDataset } from './dataset.ts';
import { openReplay } from './open-replay.ts';

const DAY = 86_400_000;
const DEFAULT_START_DAY = 70;

export type ReplayOptions = TimeOptions & {
  /** The directory of the recorded dataset. */
  directory: string;
  volume: string;
  /** A location's code, or "all". */
  location: string;
  /** The recorded day, from 0, that a new volume plays today; those before it are played at once. */
  startDay?: number | undefined;
  faults?: FaultRates | undefined;
};

/**
 * Plays a recorded dataset as if it happened now: its first day lies `startDay` days back, and after the last one it
 * begins again. After an interruption it continues where the files end.
 * @throws UsageError, OperatorError for a recording, a location or a day that there is not.
 */
export async function replay(options: ReplayOptions, tools: SimulateTools): Promise<SimulateReport[]> {
  const dataset = await openDataset(options.directory);
  const chosen = chooseOrigins(dataset, options.location);
  const startDay = options.startDay ?? Math.min(DEFAULT_START_DAY, dataset.days - 1);
  if (startDay >= dataset.days)
    throw new UsageError(
      `--start-day ${startDay} is beyond the recording: its days go from 0 to ${dataset.days - 1}.`,
    );
  const open = async (now: Date) => {
    const today = Math.floor(now.getTime() / DAY) * DAY;
    const begin = new Date(today - startDay * DAY);
    const simulations: Simulation[] = [];
    const shared = {
      ...options,
      dataset,
      begin,
      startDay,
      wantedDay: options.startDay,
      rates: options.faults ?? {},
    };
    for (const origin of chosen) simulations.push(await openReplay({ ...shared, origin }));
    return simulations;
  };
  return runOverVolume({ ...options, locations: chosen.map(({ location }) => location), open }, tools);
}
