import { stream } from '#lib/random.ts';
import type { Dimensions, Row } from '../dimensions/tables.ts';
import type { LocationConfig } from './location-config.ts';

type Item = Row<'items'>;

/** A brand at one location: its items, its preparation time, and the days on which it opens and closes there. */
export type Placement = {
  brandId: number;
  prepMinutes: number | null;
  items: Item[];
  startDay: number;
  endDay: number;
  growthMonthly: number;
};

/** A placement that is open on some day, with its weight in the demand. */
export type OpenBrand = Placement & { weight: number };

/** The brands of a location that have items. */
export function listPlacements(dimensions: Dimensions, locationId: number): Placement[] {
  return dimensions.brand_locations
    .filter((row) => row.location_id === locationId)
    .map((row) => ({
      brandId: row.brand_id,
      prepMinutes:
        dimensions.brands.find((brand) => brand.brand_id === row.brand_id)?.avg_prep_time_min ?? null,
      items: dimensions.items.filter((item) => item.brand_id === row.brand_id),
      startDay: row.start_day,
      endDay: row.end_day ?? Number.POSITIVE_INFINITY,
      growthMonthly: row.growth_rate_monthly ?? 0,
    }))
    .filter((placement) => placement.items.length > 0);
}

/**
 * Replaces the growth of the brands by the momentum of a config that has one: in an order drawn from the seed, its
 * shares of the brands grow, stay level and decline. Of 10 brands with shares .1, .2 and .7, exactly 1, 2 and 7.
 */
export function applyMomentum(placements: Placement[], config: LocationConfig, seed: number): Placement[] {
  const { brand_momentum: shares, momentum_rates: rates } = config;
  if (!shares || !rates) return placements;
  const draw = stream(seed, 'momentum');
  const shuffled = placements
    .map((placement) => ({ placement, rank: draw() }))
    .sort((one, other) => one.rank - other.rank);
  const rising = Math.round(shares.improving * shuffled.length);
  const steady = Math.round((shares.improving + shares.flat) * shuffled.length);
  return shuffled.map(({ placement }, index) => ({
    ...placement,
    growthMonthly: index < rising ? rates.growth : index < steady ? 0 : -rates.decline,
  }));
}

/** The brands open on day `index` since the start. Their weight compounds by the monthly rate, and is at least 0.1. */
export function listOpenBrands(placements: Placement[], index: number): OpenBrand[] {
  return placements
    .filter((placement) => placement.startDay <= index && index < placement.endDay)
    .map((placement) => {
      const months = (index - Math.max(0, placement.startDay)) / 30;
      return { ...placement, weight: Math.max(0.1, (1 + placement.growthMonthly) ** months) };
    });
}
