import { z } from 'zod';
import type { EventType } from '#lib/contract/event.ts';
import { readStateFile, writeStateFile } from '../storage/state-file.ts';
import { type FaultRates, faultKindNames } from './fault-kinds.ts';

/** Which faults to apply to the events of one location. The choice depends only on the seed and the event itself. */
export type FaultPlan = {
  seed: number;
  /** From the location's config: per event type and field, the share of events in which that field is null. */
  dq: Partial<Record<EventType, Record<string, number>>>;
  /** The rates for an event at an instant (epoch ms). */
  ratesAt(at: number): FaultRates;
  /** The scenario that repeats every event at an instant, if there is one. */
  duplicatesAt(at: number): string | undefined;
};

type OpenFaultPlanParams = Pick<FaultPlan, 'seed' | 'dq'> & {
  volume: string;
  location: string;
  position: number;
  rates: FaultRates;
  duplicatesAt: FaultPlan['duplicatesAt'] | undefined;
};

/** Opens the fault plan of a location from `position` (epoch ms) on; undefined where it never has any faults. */
export async function openFaultPlan(params: OpenFaultPlanParams): Promise<FaultPlan | undefined> {
  const { seed, dq, duplicatesAt = () => undefined } = params;
  const periods = await continuePeriods(params);
  if (periods.length === 0 && Object.keys(dq).length === 0 && !params.duplicatesAt) return undefined;
  return { seed, dq, ratesAt: (at) => ratesAt(periods, at), duplicatesAt };
}

const periodsSchema = z.object({
  version: z.literal(1),
  periods: z.array(
    z.object({
      since: z.iso.datetime(),
      rates: z.partialRecord(z.enum(faultKindNames), z.number().min(0).max(1)),
    }),
  ),
});

/** The rates for events after `since` (epoch ms), until the next period begins. */
type FaultPeriod = { since: number; rates: FaultRates };

/**
 * The rates of a location over time, with the given rates from `position` on. They are stored beside the volume,
 * because an event that is held back must still be sent after a restart with other rates.
 */
async function continuePeriods({
  volume,
  location,
  position,
  rates,
}: OpenFaultPlanParams): Promise<FaultPeriod[]> {
  const known = await readPeriods(volume, location);
  const sorted = sortByName(rates);
  if (JSON.stringify(known.at(-1)?.rates ?? {}) === JSON.stringify(sorted)) return known;
  const periods = [...known.filter(({ since }) => since < position), { since: position, rates: sorted }];
  const content = periods.map((period) => ({ ...period, since: new Date(period.since).toISOString() }));
  await writeStateFile(volume, fileName(location), { version: 1, periods: content });
  return periods;
}

function ratesAt(periods: FaultPeriod[], at: number): FaultRates {
  return periods.findLast(({ since }) => since < at)?.rates ?? {};
}

async function readPeriods(volume: string, location: string): Promise<FaultPeriod[]> {
  const file = await readStateFile(volume, {
    name: fileName(location),
    content: 'a list of fault rates',
    parse: (value) => periodsSchema.parse(value),
  });
  return (file?.periods ?? []).map(({ since, rates }) => ({ since: Date.parse(since), rates }));
}

const fileName = (location: string) => `${location}.faults.json`;

function sortByName(rates: FaultRates): FaultRates {
  return Object.fromEntries(Object.entries(rates).sort(([one], [other]) => (one < other ? -1 : 1)));
}
