import { UsageError } from '#lib/errors.ts';
import { openCourse } from './course.ts';
import type { FaultRates } from './faults/kinds.ts';
import { removeOrphans } from './faults/manifest.ts';
import { findPosition, removeLeftovers } from './position.ts';
import { type PlacePlan, readPlace } from './read-place.ts';
import { addScenarios } from './scenarios/keep-scenarios.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { keepState, readState, type SimulatorState } from './state.ts';
import type { Windows } from './windows.ts';
import { buildWorld } from './world.ts';

/** Counts of what a run wrote of one location. */
export type Written = { orders: number; events: number; files: number };

/** A location's simulation over a volume: all events up to `position` (epoch ms) are written. */
export type Simulation = {
  location: string;
  seed: number;
  position: number;
  /** Whether the volume already held this location. */
  continued: boolean;
  /** The end of the newest file, in epoch ms; windows without events leave none. */
  filed: number;
  scenarios: Scenario[];
  windows: Windows;
  written: Written;
  /** Lets a scenario happen that begins after `position`. @throws UsageError where it does not fit. */
  disturb(scenario: Scenario): Promise<void>;
};

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

/**
 * Opens the simulation of a location where its last run stopped, or at `begin` in a volume that does not know
 * it yet. Seed, start and config are kept beside the volume and stay as they are.
 * @throws UsageError where another seed or other data would mix two simulations in one volume.
 */
export async function openSimulation(plan: SimulationPlan): Promise<Simulation> {
  const { volume, location, dimensions } = plan;
  const code = location.location_code;
  const { config, network, digest } = await readPlace(plan);
  const found = await findPosition(volume, code);
  const kept = await readState(volume, code);
  refuseMixing(plan, digest, kept, found);
  await removeLeftovers(volume, code);
  const state = kept ?? {
    version: 1,
    location: code,
    seed: plan.seed ?? config.random_seed ?? DEFAULT_SEED,
    start: plan.begin.toISOString(),
    config_digest: digest,
  };
  const start = Date.parse(state.start);
  const world = buildWorld({ seed: state.seed, start, location, config, dimensions, network });
  if (!kept) await keepState(volume, state);
  const position = found ?? start;
  await removeOrphans(volume, code, position);
  const course = { volume, world, rates: plan.faults ?? {} };
  const scenarios = await addScenarios(volume, code, position, plan.scenarios?.(code) ?? []);
  const simulation: Simulation = {
    location: code,
    seed: state.seed,
    position,
    filed: position,
    continued: kept !== undefined,
    scenarios,
    windows: await openCourse(course, scenarios, position),
    written: { orders: 0, events: 0, files: 0 },
    async disturb(scenario) {
      simulation.scenarios = await addScenarios(volume, code, simulation.position, [scenario]);
      simulation.windows = await openCourse(course, simulation.scenarios, simulation.filed);
    },
  };
  return simulation;
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
