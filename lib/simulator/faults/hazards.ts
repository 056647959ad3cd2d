import type { Hazards } from './inject.ts';
import type { FaultRates } from './kinds.ts';
import { continuePeriods, ratesAt } from './periods.ts';

type Plan = Pick<Hazards, 'seed' | 'dq'> & {
  volume: string;
  location: string;
  position: number;
  rates: FaultRates;
  duplicatesAt: Hazards['duplicatesAt'] | undefined;
};

/** What befalls a location's events; undefined where nothing ever did and nothing will. */
export async function openHazards(plan: Plan): Promise<Hazards | undefined> {
  const { volume, location, position, seed, dq, rates, duplicatesAt } = plan;
  const periods = await continuePeriods(volume, location, position, rates);
  if (periods.length === 0 && Object.keys(dq).length === 0 && !duplicatesAt) return undefined;
  const never = () => undefined;
  return { seed, dq, ratesAt: (at) => ratesAt(periods, at), duplicatesAt: duplicatesAt ?? never };
}
