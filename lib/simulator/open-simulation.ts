import { UsageError } from '#lib/errors.ts';
import type { Dimensions, Row } from './dimensions/tables.ts';
import type { FaultRates } from './faults/fault-kinds.ts';
import { openEventStream } from './lifecycle/event-stream.ts';
import { readLocationConfig } from './location/location-config.ts';
import { buildLocationModel, digestLocation, type LocationModel } from './location/location-model.ts';
import { findNetwork } from './roads/network-file.ts';
import { type Scenario, type ScenarioName, scenarioKinds } from './scenarios/scenario.ts';
import { readSimulationState, type SimulationState, writeLocationState } from './storage/location-state.ts';
import { findPosition } from './storage/position.ts';
import { type LocationRun, openLocationRun } from './writer/location-run.ts';

export type OpenSimulationParams = {
  volume: string;
  dimensions: Dimensions;
  location: Row<'locations'>;
  /** The directory of the location configs. */
  configs: string;
  /** A road network file that replaces the location's own. */
  roads?: string | undefined;
  /** The start of the simulation in a volume that does not contain the location yet. */
  begin: Date;
  seed?: number | undefined;
  /** The fault rates from here on. */
  faults?: FaultRates | undefined;
  /** The requested scenarios of each location. */
  scenarios?: ((location: string) => Scenario[]) | undefined;
};

const DEFAULT_SEED = 1;
const allScenarios = Object.keys(scenarioKinds) as ScenarioName[];

/** A simulated location before anything is written. */
type PreparedSimulation = {
  model: LocationModel;
  state: SimulationState;
  /** Whether the volume already contained this location. */
  continued: boolean;
  /** The end of its newest file, or the start of the simulation, in epoch ms. */
  position: number;
};

/**
 * Prepares the simulation of a location: as its last run left it, or new in a volume that does not contain it yet.
 * @throws UsageError where another seed or other data would mix two simulations in one volume.
 */
export async function prepareSimulation(params: OpenSimulationParams): Promise<PreparedSimulation> {
  const { volume, location, dimensions, configs } = params;
  const code = location.location_code;
  const config = readLocationConfig(configs, location);
  const roads = await findNetwork({ code, configs, fromConfig: config.roads, requested: params.roads });
  const digest = digestLocation({ location, config, dimensions }, roads?.digest);
  const found = await findPosition(volume, code);
  const stored = await readSimulationState(volume, code);
  refuseMixing(params, { digest, stored, hasFiles: found !== undefined });
  const state = stored ?? {
    version: 1,
    location: code,
    seed: params.seed ?? config.random_seed ?? DEFAULT_SEED,
    start: params.begin.toISOString(),
    config_digest: digest,
  };
  const start = Date.parse(state.start);
  const { seed } = state;
  const model = buildLocationModel({ seed, start, location, config, dimensions, network: roads?.network });
  return { model, state, continued: stored !== undefined, position: found ?? start };
}

/**
 * Opens the simulation of a location where its last run stopped, or at `begin` in a volume that does not contain it
 * yet. Seed, start and config digest are stored beside the volume and never change.
 * @throws UsageError as `prepareSimulation`.
 */
export async function openSimulation(params: OpenSimulationParams): Promise<LocationRun> {
  const { volume, faults, scenarios } = params;
  const { model, state, continued, position } = await prepareSimulation(params);
  const { seed, location } = state;
  if (!continued) await writeLocationState(volume, state);
  return openLocationRun({
    source: {
      volume,
      location,
      seed,
      dq: model.config.dq ?? {},
      rates: faults ?? {},
      supportedScenarios: allScenarios,
      openEvents: (disruptions, from) => openEventStream({ ...model, disruptions }, from),
    },
    description: `seed ${seed}`,
    position,
    continued,
    requestedScenarios: scenarios?.(location) ?? [],
  });
}

function refuseMixing(
  { volume, location, seed }: OpenSimulationParams,
  { digest, stored, hasFiles }: { digest: string; stored: SimulationState | undefined; hasFiles: boolean },
): void {
  const code = location.location_code;
  if (!stored && hasFiles)
    throw new UsageError(
      `${volume} holds files of ${code}, but not the state they were written with. Choose another --volume, or move those files away.`,
    );
  if (stored && stored.config_digest !== digest)
    throw new UsageError(
      `${volume} holds orders of ${code} from other dimension data, another location config, other roads or another version. Restore those, choose another --volume, or start over with npm run reset.`,
    );
  if (stored && seed !== undefined && stored.seed !== seed)
    throw new UsageError(
      `${volume} holds orders of ${code} with seed ${stored.seed}; --seed ${seed} would mix two simulations. Leave out --seed to continue, or choose another --volume.`,
    );
}
