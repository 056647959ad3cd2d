import { distributions, type Source } from '#lib/random.ts';
import type { LocationConfig } from './location-config.ts';
import { calm, type Disruptions } from './scenarios/disruptions.ts';

/** The instants of an order in the kitchen, in epoch ms. */
export type KitchenTimes = {
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  pickedUpAt: number;
  /** When the order would be ready if the kitchen never stood still. */
  plannedReadyAt: number;
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

/** Working times of one order in ms: until it is accepted, cooking, until it is ready, until it is picked up. */
type Work = { accept: number; cook: number; finish: number; pickUp: number };

/**
 * A kitchen over one day. Orders are given to it as they come; each takes the station that is free first, so a rush
 * makes orders queue. A remake cooks nearly twice as long. Drivers are sent by the plan, which knows of no outage.
 */
export function openKitchen(
  stations: number,
  config: LocationConfig,
  source: Source,
  disruptions: Pick<Disruptions, 'work'> = calm,
) {
  const { svc, kitchen } = config;
  const gauss = distributions(source).normal(0, 1);
  const draw = ([mean, deviation]: [number, number]) => Math.max(0.1, mean + deviation * gauss()) * 60_000;
  const real = openStations(stations, disruptions.work);
  const plan = disruptions.work === calm.work ? undefined : openStations(stations, calm.work);
  return {
    cook(createdAt: number, prepMinutes: number | null): KitchenTimes {
      const accept = draw(svc.cs);
      const scale = prepMinutes === null ? 1 : prepMinutes / svc.sf[0];
      const remake = source() < kitchen.remake_pct ? 1.8 : 1;
      const cook = draw([svc.sf[0] * scale, svc.sf[1] * scale]) * remake;
      const work = { accept, cook, finish: draw(svc.fr), pickUp: draw(svc.rp) };
      const times = real(createdAt, work);
      return { ...times, plannedReadyAt: plan?.(createdAt, work).readyAt ?? times.readyAt };
    },
  };
}
export type Kitchen = ReturnType<typeof openKitchen>;

function openStations(stations: number, work: Disruptions['work']) {
  const freeAt = new Float64Array(stations);
  return (createdAt: number, { accept, cook, finish, pickUp }: Work) => {
    const accepted = work(createdAt, accept);
    const station = freeAt.indexOf(Math.min(...freeAt));
    const wait = Math.min(Math.max(accepted, freeAt[station] ?? 0), accepted + LONGEST_QUEUE_MS);
    const startedAt = work(wait, 0);
    const finishedAt = work(startedAt, cook);
    freeAt[station] = Math.max(finishedAt, freeAt[station] ?? 0);
    const readyAt = work(finishedAt, finish);
    return { startedAt, finishedAt, readyAt, pickedUpAt: readyAt + pickUp };
  };
}
