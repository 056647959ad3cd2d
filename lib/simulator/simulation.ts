import { UsageError } from '#lib/errors.ts';
import type { Course } from './course.ts';
import { openEventStream } from './event-stream.ts';
import type { FaultRates } from './faults/kinds.ts';
import { openLocation, type Simulation } from './open-location.ts';
import { findPosition } from './position.ts';
import { type PlacePlan, readPlace } from './read-place.ts';
import { type Scenario, type ScenarioName, scenarioNames } from './scenarios/scenario.ts';
import { keepState, readState, type SimulatorState } from './state.ts';
import { buildWorld, type World } from './world.ts';

export type SimulationPlan = PlacePlan & {
  volume: string;
  /** Where a volume begins that does not know the location yet. */
  begin: Date;
  seed?: number | undefined;
  /** What befalls events from here on. */
  faults?: FaultRates | undefined;
  /** The scenarios that are asked for, by location. */
  scenarios?: ((location: string) => Scenario[]) | undefined;
};

const DEFAULT_SEED = 1;
const allScenarios = Object.keys(scenarioNames) as ScenarioName[];

/** A location with what its orders follow from; nothing is written yet. */
export type Prepared = {
  world: World;
  state: SimulatorState;
  /** Whether the volume already held this location. */
  continued: boolean;
  /** The end of its newest file, in epoch ms. */
  found: number | undefined;
};

/**
 * Reads what a location's orders follow from: as its last run left it, or as it begins in a volume that does not know it.
 * @throws UsageError where another seed or other data would mix two simulations in one volume.
 */
export async function prepareSimulation(plan: SimulationPlan): Promise<Prepared> {
  const { volume, location, dimensions } = plan;
  const code = location.location_code;
  const { config, network, digest } = await readPlace(plan);
  const found = await findPosition(volume, code);
  const kept = await readState(volume, code);
  refuseMixing(plan, digest, kept, found);
  const state = kept ?? {
    version: 1,
    location: code,
    seed: plan.seed ?? config.random_seed ?? DEFAULT_SEED,
    start: plan.begin.toISOString(),
    config_digest: digest,
  };
  const { seed, start } = state;
  const world = buildWorld({ seed, start: Date.parse(start), location, config, dimensions, network });
  return { world, state, continued: kept !== undefined, found };
}

/**
 * Opens the simulation of a location where its last run stopped, or at `begin` in a volume that does not know
 * it yet. Seed, start and config are kept beside the volume and stay as they are.
 * @throws UsageError as `prepareSimulation`.
 */
export async function openSimulation(plan: SimulationPlan): Promise<Simulation> {
  const { volume } = plan;
  const { world, state, continued, found } = await prepareSimulation(plan);
  const { seed, location } = state;
  if (!continued) await keepState(volume, state);
  const course: Course = {
    volume,
    location,
    seed,
    dq: world.config.dq ?? {},
    rates: plan.faults ?? {},
    possible: allScenarios,
    open: (disruptions, position) => openEventStream({ ...world, disruptions }, position),
  };
  const wanted = plan.scenarios?.(location) ?? [];
  return openLocation({ course, origin: `seed ${seed}`, start: world.start, found, continued, wanted });
}

function refuseMixing(
  { volume, location, seed }: SimulationPlan,
  digest: string,
  kept: SimulatorState | undefined,
  found: number | undefined,
): void {
  const code = location.location_code;
  if (!kept && found !== undefined)
    throw new UsageError(
      `${volume} holds files of ${code}, but not the state that they were made with. Choose another --volume, or move those files away.`,
    );
  if (kept && kept.config_digest !== digest)
    throw new UsageError(
      `${volume} holds orders of ${code} that were made with other dimension data or another location config, other roads or another version. Restore those, choose another --volume, or begin anew with npm run reset.`,
    );
  if (kept && seed !== undefined && kept.seed !== seed)
    throw new UsageError(
      `${volume} holds orders of ${code} with seed ${kept.seed}; --seed ${seed} would mix two simulations. Leave out --seed to go on, or choose another --volume.`,
    );
}
