import { type Estimate, estimate } from './estimate.ts';
import { planLocations, type SimulateOptions } from './run.ts';
import type { SimulateTools } from './run-over-volume.ts';
import { createDisruptions } from './scenarios/disruptions.ts';
import { readScenarios } from './scenarios/keep-scenarios.ts';
import { prepareSimulation } from './simulation.ts';
import { startClock } from './start-clock.ts';

/** What `simulate` would write, up to the clock, and nothing else; a live run then goes on. Instants are ISO 8601. */
export type PlanReport = Estimate & {
  location: string;
  seed: number;
  continued: boolean;
  from: string;
  to: string;
};

/** Says what `simulate` would do, and does nothing. @throws UsageError, OperatorError as it would. */
export async function planSimulate(options: SimulateOptions, tools: SimulateTools): Promise<PlanReport[]> {
  const { locations, planAt } = await planLocations(options);
  const clock = await startClock({ ...options, locations }, tools.clock);
  const to = options.live ? clock.read().at : clock.tick();
  const reports: PlanReport[] = [];
  for (const plan of planAt(new Date(to))) {
    const { world, state, continued, found } = await prepareSimulation(plan);
    const from = found ?? world.start;
    const kept = await readScenarios(options.volume, state.location);
    const disruptions = createDisruptions([...kept, ...plan.scenarios(state.location)]);
    const expected = estimate({ ...world, disruptions }, from, Math.max(from, to));
    const [begin, end] = [from, Math.max(from, to)].map((at) => new Date(at).toISOString());
    const { location, seed } = state;
    reports.push({ location, seed, continued, from: begin ?? '', to: end ?? '', ...expected });
  }
  return reports;
}
