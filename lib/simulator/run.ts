import { type Clock, sleep } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import type { Progress } from '#lib/progress.ts';
import { advance } from './advance.ts';
import { readDimensions } from './dimensions/read-dimensions.ts';
import type { Row } from './dimensions/tables.ts';
import { holdVolume } from './hold-volume.ts';
import { openSimulation, type Simulation, type Written } from './simulation.ts';

export type SimulateOptions = {
  /** Where the event files go. */
  volume: string;
  /** The directories of the dimension files and of the location configs. */
  dimensions: string;
  configs: string;
  /** A location's code, or "all". */
  location: string;
  /** How far before the clock a new volume begins. */
  days: number;
  seed?: number | undefined;
  /** Go on with the clock until stopped, writing every `flushSeconds`. */
  live: boolean;
  flushSeconds: number;
};

export type SimulateTools = {
  clock: Clock;
  signal: AbortSignal;
  say: (text: string) => void;
  showProgress: (label: string, total: number) => Progress;
};

/** What a run wrote of one location; `position` is the instant up to which its events are on disk. */
export type SimulateReport = Written & {
  location: string;
  seed: number;
  continued: boolean;
  position: string;
};

/**
 * Writes the orders of one or all locations up to the clock, then, live, goes on with it. After an interruption it
 * continues where the files end. @throws UsageError, OperatorError as the parts say.
 */
export async function simulate(options: SimulateOptions, tools: SimulateTools): Promise<SimulateReport[]> {
  const dimensions = await readDimensions(options.dimensions);
  const locations = chooseLocations(dimensions.locations, options.location);
  const releases: (() => Promise<void>)[] = [];
  try {
    const simulations: Simulation[] = [];
    const begin = new Date(tools.clock.now().getTime() - options.days * 86_400_000);
    for (const location of locations) {
      releases.push(await holdVolume(options.volume, location.location_code));
      simulations.push(await openSimulation({ ...options, dimensions, location, begin }));
    }
    return await runAll(simulations, options, tools);
  } finally {
    await Promise.all(releases.map((release) => release()));
  }
}

function chooseLocations(locations: Row<'locations'>[], wanted: string): Row<'locations'>[] {
  const chosen = locations.filter((row) => wanted === 'all' || row.location_code === wanted);
  if (chosen.length > 0) return chosen;
  const known = locations.map((row) => row.location_code).join(', ');
  throw new UsageError(`There is no location "${wanted}". Choose one of ${known}, or all.`);
}

async function runAll(
  simulations: Simulation[],
  { volume, live, flushSeconds }: SimulateOptions,
  tools: SimulateTools,
): Promise<SimulateReport[]> {
  const { clock, signal, say } = tools;
  for (const simulation of simulations) say(describeStart(simulation));
  await catchUp(simulations, volume, tools);
  if (live && !signal.aborted) say('Live: writing what happens, until stopped.');
  while (live && !signal.aborted) {
    await sleep(flushSeconds * 1000, signal);
    await advance(simulations, volume, clock.now().getTime(), { signal });
  }
  return simulations.map(({ location, seed, continued, written, position }) => ({
    location,
    seed,
    continued,
    ...written,
    position: new Date(position).toISOString(),
  }));
}

/** Writes what lies between the files' end and now, with its progress. */
async function catchUp(
  simulations: Simulation[],
  volume: string,
  { clock, signal, showProgress }: SimulateTools,
): Promise<void> {
  const to = clock.now().getTime();
  const from = Math.min(...simulations.map((simulation) => simulation.position));
  const progress = showProgress('Simulating', Math.max(0, to - from));
  const onWindow = (end: number) => {
    const events = simulations.reduce((sum, { written }) => sum + written.events, 0);
    progress.update(end - from, `${new Date(end).toISOString().slice(0, 16)} ${events} events`);
  };
  try {
    await advance(simulations, volume, to, { signal, onWindow });
  } finally {
    progress.stop();
  }
}

function describeStart({ location, seed, continued, position }: Simulation): string {
  const instant = new Date(position).toISOString();
  return continued
    ? `${location} continues at ${instant} (seed ${seed}); --days is for a new volume.`
    : `${location} begins at ${instant} (seed ${seed}).`;
}
