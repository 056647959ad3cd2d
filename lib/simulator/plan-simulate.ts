import { openEventStream } from './lifecycle/event-stream.ts';
import { openRunClock } from './live/run-clock.ts';
import type { SimulateTools } from './live/run-over-volume.ts';
import { listOpenMinutes, localDayOf } from './location/local-time.ts';
import type { LocationModel } from './location/location-model.ts';
import { prepareSimulation } from './open-simulation.ts';
import { plannedOrders, weighMinutes } from './orders/demand.ts';
import { createDisruptions } from './scenarios/disruptions.ts';
import { readScenarios } from './scenarios/scenario-file.ts';
import { planLocations, type SimulateOptions } from './simulate.ts';

const HOUR = 3_600_000;
/** Long enough to contain open hours wherever it begins. */
const SAMPLE_MS = 48 * HOUR;

type Estimate = { orders: number; events: number; files: number; bytes: number };

/**
 * What `simulate` would write for a location, up to the clock; a live run then continues. Instants are ISO 8601. The
 * counts are estimates; `bytes` is without faults.
 */
export type PlanReport = Estimate & {
  location: string;
  seed: number;
  continued: boolean;
  from: string;
  to: string;
};

/** Reports what `simulate` would do, and writes nothing. @throws UsageError, OperatorError as `simulate` would. */
export async function planSimulate(options: SimulateOptions, tools: SimulateTools): Promise<PlanReport[]> {
  const { locations, planAt } = await planLocations(options);
  const clock = await openRunClock({ ...options, locations }, tools.clock);
  const now = options.live ? clock.read().at : clock.tick();
  const reports: PlanReport[] = [];
  for (const params of planAt(new Date(now))) {
    const { model, state, continued, position: from } = await prepareSimulation(params);
    const { location, seed } = state;
    const stored = await readScenarios(options.volume, location);
    const disruptions = createDisruptions([...stored, ...params.scenarios(location)]);
    const to = Math.max(from, now);
    reports.push({
      location,
      seed,
      continued,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      ...estimate({ ...model, disruptions }, from, to),
    });
  }
  return reports;
}

/** Estimates what a location writes between two instants (epoch ms), from its demand and a sample of its events. */
function estimate(model: LocationModel, from: number, to: number): Estimate {
  const { orders, files } = expectOrders(model, from, to);
  const sample = openEventStream(model, from).take(Math.min(to, from + SAMPLE_MS));
  const sampledOrders = sample.filter(({ sequence }) => sequence === 0).length;
  const bytes = sample.reduce((sum, event) => sum + Buffer.byteLength(JSON.stringify(event)) + 1, 0);
  const scale = sampledOrders > 0 ? orders / sampledOrders : 0;
  return {
    orders: Math.round(orders),
    events: Math.round(sample.length * scale),
    files,
    bytes: Math.round(bytes * scale),
  };
}

/** The expected orders, and the files: one per hour with events, including the hour after closing. */
function expectOrders(model: LocationModel, from: number, to: number): { orders: number; files: number } {
  const { config, location, startDay, disruptions } = model;
  const zone = location.time_zone;
  const hours = new Set<number>();
  let orders = 0;
  for (let day = localDayOf(from, zone) - 1; day <= localDayOf(to, zone); day += 1) {
    const minutes = weighMinutes(listOpenMinutes(day, location), config);
    const total = minutes.reduce((sum, { weight }) => sum + weight, 0);
    const due = minutes.filter(({ at }) => at > from && at <= to);
    const weight = due.reduce((sum, minute) => sum + minute.weight * disruptions.demandFactor(minute.at), 0);
    orders += (weight / (total || 1)) * plannedOrders(day, Math.max(0, day - startDay), location, config);
    for (const { at } of due)
      hours.add(Math.floor(at / HOUR)).add(Math.floor(Math.min(at + HOUR / 2, to) / HOUR));
  }
  return { orders, files: hours.size };
}
