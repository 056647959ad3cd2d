import { stream } from '#lib/random.ts';
import { listOpenBrands, type OpenBrand } from './brands.ts';
import { drawArrivals, type Minute, plannedOrders, weighMinutes } from './demand.ts';
import { type LocalDay, listOpenMinutes } from './local-time.ts';
import type { World } from './world.ts';

/** What a location expects of a local day: its open brands and minutes, and its orders before noise. */
export type DayPlan = { open: OpenBrand[]; minutes: Minute[]; planned: number };

/** Plans a day; undefined where nothing can be ordered on it. The first day stands also for the one before it. */
export function planDay(
  { config, location, placements, startDay }: World,
  day: LocalDay,
): DayPlan | undefined {
  const index = Math.max(0, day - startDay);
  const open = listOpenBrands(placements, index);
  const minutes = weighMinutes(listOpenMinutes(day, location), config);
  const planned = plannedOrders(day, index, location, config);
  if (open.length === 0 || minutes.length === 0 || planned <= 0) return undefined;
  return { open, minutes, planned };
}

/** When the orders of a planned day are created (epoch ms), in ascending order, with the day's noise and surges. */
export function drawCreations(world: World, day: LocalDay, { minutes, planned }: DayPlan): Generator<number> {
  const { seed, location, config, disruptions } = world;
  const arrivals = stream(seed, location.location_code, day, 'arrivals');
  const noise = 1 + ((2 * arrivals() - 1) * config.noise_pct) / 100;
  const surging = minutes.map((minute) => ({ ...minute, surge: disruptions.demand(minute.at) }));
  return drawArrivals(surging, planned * noise, arrivals);
}
