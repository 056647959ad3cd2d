import type { LocationConfig } from '../location-config.ts';
import type { Hazards } from './inject.ts';
import type { FaultRates } from './kinds.ts';
import { continuePeriods, ratesAt } from './periods.ts';

type Plan = {
  volume: string;
  location: string;
  position: number;
  seed: number;
  config: LocationConfig;
  rates: FaultRates;
};

/** What befalls a location's events: its config's `dq`, and the rates asked for; undefined where nothing ever did. */
export async function openHazards(plan: Plan): Promise<Hazards | undefined> {
  const { volume, location, position, seed, config, rates } = plan;
  const periods = await continuePeriods(volume, location, position, rates);
  const dq = config.dq ?? {};
  if (periods.length === 0 && Object.keys(dq).length === 0) return undefined;
  return { seed, dq, ratesAt: (at) => ratesAt(periods, at), duplicatesAt: () => undefined };
}
