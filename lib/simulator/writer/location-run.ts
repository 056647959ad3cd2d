import type { OrderEvent } from '#lib/contract/event.ts';
import { UsageError } from '#lib/errors.ts';
import type { FaultRates } from '../faults/fault-kinds.ts';
import { type FaultPlan, openFaultPlan } from '../faults/fault-plan.ts';
import { openFaultyStream } from '../faults/faulty-stream.ts';
import { type FaultRecord, removeOrphans } from '../faults/manifest.ts';
import type { EventStream, WindowText } from '../lifecycle/event-stream.ts';
import { createDisruptions, type Disruptions } from '../scenarios/disruptions.ts';
import type { Scenario, ScenarioName } from '../scenarios/scenario.ts';
import { addScenarios } from '../scenarios/scenario-file.ts';
import { removeTemporaryFiles } from '../storage/position.ts';

/** Counts of what a run wrote for one location. */
export type WriteCounts = { orders: number; events: number; files: number };

/** The content of one file: the text of its lines, the counts of orders and events, and the injected faults. */
export type Window = WindowText & { faults: FaultRecord[] };

/** The files of a location; each call gives the events since the last call up to `to` (epoch ms). */
export type WindowStream = { take(to: number): Window };

/** One location of a run over a volume. All its events up to `position` (epoch ms) are written. */
export type LocationRun = {
  location: string;
  /** Where its events come from, for messages: "seed 7". */
  description: string;
  seed: number;
  position: number;
  /** Whether the volume already contained this location. */
  continued: boolean;
  /** The end of the newest file, in epoch ms. It may be before `position`, as windows without events have no file. */
  lastFileEnd: number;
  scenarios: Scenario[];
  windows: WindowStream;
  written: WriteCounts;
  /** Adds a scenario that begins after `position`. @throws UsageError where it is not possible. */
  applyScenario(scenario: Scenario): Promise<void>;
};

/** Where the events of a location come from, simulated or recorded, and what is applied to them. */
type EventSource = {
  volume: string;
  location: string;
  seed: number;
  dq: FaultPlan['dq'];
  rates: FaultRates;
  /** The scenarios that can be applied to these events. */
  supportedScenarios: readonly ScenarioName[];
  openEvents(disruptions: Disruptions, position: number): EventStream;
};

type OpenLocationRunParams = {
  source: EventSource;
  description: string;
  /** Where to continue, in epoch ms: the end of the newest file, or the start of a new simulation. */
  position: number;
  continued: boolean;
  requestedScenarios: Scenario[];
};

/** Opens a location at a position, and removes what a killed run left unfinished. */
export async function openLocationRun(params: OpenLocationRunParams): Promise<LocationRun> {
  const { source, description, position, continued, requestedScenarios } = params;
  const { volume, location, seed, supportedScenarios } = source;
  await removeTemporaryFiles(volume, location);
  await removeOrphans(volume, location, position);
  const scenarios = await addScenarios(volume, location, position, requestedScenarios);
  const run: LocationRun = {
    location,
    description,
    seed,
    position,
    lastFileEnd: position,
    continued,
    scenarios,
    windows: await openWindows(source, scenarios, position),
    written: { orders: 0, events: 0, files: 0 },
    async applyScenario(scenario) {
      if (!supportedScenarios.includes(scenario.name))
        throw new UsageError(
          `A replay does not support ${scenario.name}, only ${supportedScenarios.join(', ')}.`,
        );
      run.scenarios = await addScenarios(volume, location, run.position, [scenario]);
      run.windows = await openWindows(source, run.scenarios, run.lastFileEnd);
    },
  };
  return run;
}

/** Opens the files of a location after `position` (epoch ms), with its scenarios and faults applied. */
async function openWindows(
  source: EventSource,
  scenarios: Scenario[],
  position: number,
): Promise<WindowStream> {
  const disruptions = createDisruptions(scenarios);
  const hasDuplicateStorm = scenarios.some(({ name }) => name === 'duplicate-storm');
  const duplicatesAt = hasDuplicateStorm ? disruptions.duplicatesAt : undefined;
  const faultPlan = await openFaultPlan({ ...source, position, duplicatesAt });
  if (faultPlan) {
    const open = (from: number) => source.openEvents(disruptions, from);
    const stream = openFaultyStream(open, faultPlan, position);
    return {
      take(to) {
        const { lines, ...rest } = stream.take(to);
        return { ...rest, text: lines.join('') };
      },
    };
  }
  const stream = source.openEvents(disruptions, position);
  return { take: (to) => ({ ...(stream.takeText?.(to) ?? toText(stream.take(to))), faults: [] }) };
}

function toText(events: OrderEvent[]): WindowText {
  const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  const orders = events.filter(({ event_type }) => event_type === 'order_created').length;
  return { text, events: events.length, orders };
}
