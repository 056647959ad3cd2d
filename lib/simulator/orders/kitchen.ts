import { distributions, type Source } from '#lib/random.ts';
import type { LocationConfig } from '../location/location-config.ts';
import { type Disruptions, noDisruptions } from '../scenarios/disruptions.ts';

/** The instants of an order in the kitchen, in epoch ms. */
export type KitchenTimes = {
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  pickedUpAt: number;
  /** When the order would be ready without any outage. */
  plannedReadyAt: number;
};

/** An order waits at most this long for a station; then it starts as if the kitchen opened another one. */
const MAX_QUEUE_MS = 90 * 60_000;

/** The stations of a kitchen: enough for its busiest minute at the utilization that the config aims at. */
export function countStations(
  ordersPerMinute: number,
  prepMinutes: number,
  { kitchen, svc }: LocationConfig,
): number {
  return Math.max(2, Math.ceil((ordersPerMinute * (prepMinutes || svc.sf[0])) / kitchen.peak_load));
}

/** The service times of one order in ms: until it is accepted, cooked, ready and picked up. */
type ServiceTimes = { accept: number; cook: number; finish: number; pickUp: number };

/**
 * A kitchen over one day: a queue with several stations. Orders must be passed in the order of their creation; each
 * takes the station that becomes free first. A remade order cooks nearly twice as long. Drivers are sent by a second
 * schedule that ignores outages, so that an outage changes nothing before it begins.
 */
export function createKitchen(
  stations: number,
  config: LocationConfig,
  source: Source,
  disruptions: Pick<Disruptions, 'workUntil'> = noDisruptions,
) {
  const { svc, kitchen } = config;
  const gauss = distributions(source).normal(0, 1);
  const draw = ([mean, deviation]: [number, number]) => Math.max(0.1, mean + deviation * gauss()) * 60_000;
  const { workUntil } = disruptions;
  const isDisrupted = workUntil !== noDisruptions.workUntil;
  const schedule = createStations(stations, workUntil);
  const undisrupted = isDisrupted ? createStations(stations, noDisruptions.workUntil) : undefined;
  return {
    cook(createdAt: number, prepMinutes: number | null): KitchenTimes {
      const accept = draw(svc.cs);
      const scale = prepMinutes === null ? 1 : prepMinutes / svc.sf[0];
      const remake = source() < kitchen.remake_pct ? 1.8 : 1;
      const cook = draw([svc.sf[0] * scale, svc.sf[1] * scale]) * remake;
      const service = { accept, cook, finish: draw(svc.fr), pickUp: draw(svc.rp) };
      const times = schedule(createdAt, service);
      return { ...times, plannedReadyAt: undisrupted?.(createdAt, service).readyAt ?? times.readyAt };
    },
  };
}

function createStations(stations: number, workUntil: Disruptions['workUntil']) {
  const freeAt = new Float64Array(stations);
  return (createdAt: number, { accept, cook, finish, pickUp }: ServiceTimes) => {
    const accepted = workUntil(createdAt, accept);
    const station = freeAt.indexOf(Math.min(...freeAt));
    const queuedUntil = Math.min(Math.max(accepted, freeAt[station] ?? 0), accepted + MAX_QUEUE_MS);
    const startedAt = workUntil(queuedUntil, 0);
    const finishedAt = workUntil(startedAt, cook);
    freeAt[station] = Math.max(finishedAt, freeAt[station] ?? 0);
    const readyAt = workUntil(finishedAt, finish);
    return { startedAt, finishedAt, readyAt, pickedUpAt: readyAt + pickUp };
  };
}
