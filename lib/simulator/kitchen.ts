import { distributions, type Source } from '#lib/random.ts';
import type { LocationConfig } from './location-config.ts';

/** The instants of an order in the kitchen, in epoch ms. */
export type KitchenTimes = {
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  pickedUpAt: number;
};

/** Longer than this no order waits for a station: the kitchen opens one more. */
const LONGEST_QUEUE_MS = 90 * 60_000;

/** Stations that a kitchen plans for: what its busiest minute needs at the load that the config aims at. */
export function planStations(
  ordersPerMinute: number,
  prepMinutes: number,
  { kitchen, svc }: LocationConfig,
): number {
  return Math.max(2, Math.ceil((ordersPerMinute * (prepMinutes || svc.sf[0])) / kitchen.peak_load));
}

/**
 * A kitchen over one day. Orders are given to it as they come; each takes the station that is free first, so a rush
 * makes orders queue. A remake cooks nearly twice as long.
 */
export function openKitchen(stations: number, config: LocationConfig, source: Source) {
  const freeAt = new Float64Array(stations);
  const { svc, kitchen } = config;
  const gauss = distributions(source).normal(0, 1);
  const draw = ([mean, deviation]: [number, number]) => Math.max(0.1, mean + deviation * gauss()) * 60_000;
  return {
    cook(createdAt: number, prepMinutes: number | null): KitchenTimes {
      const accepted = createdAt + draw(svc.cs);
      const scale = prepMinutes === null ? 1 : prepMinutes / svc.sf[0];
      const remake = source() < kitchen.remake_pct ? 1.8 : 1;
      const cooking = draw([svc.sf[0] * scale, svc.sf[1] * scale]) * remake;
      const station = freeAt.indexOf(Math.min(...freeAt));
      const startedAt = Math.min(Math.max(accepted, freeAt[station] ?? 0), accepted + LONGEST_QUEUE_MS);
      const finishedAt = startedAt + cooking;
      freeAt[station] = Math.max(finishedAt, freeAt[station] ?? 0);
      const readyAt = finishedAt + draw(svc.fr);
      return { startedAt, finishedAt, readyAt, pickedUpAt: readyAt + draw(svc.rp) };
    },
  };
}
export type Kitchen = ReturnType<typeof openKitchen>;
