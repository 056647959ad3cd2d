import { stream } from '#lib/random.ts';
import type { OpenBrand } from '../location/brands.ts';
import type { LocalDay } from '../location/local-time.ts';
import type { LocationModel } from '../location/location-model.ts';
import { addressOf, drawDoor } from '../roads/doors.ts';
import type { Route } from '../roads/route.ts';
import { type BasketItem, drawBasket } from './basket.ts';
import { type DemandMinute, drawOrderTimes, planDay } from './demand.ts';
import { createDrivers } from './drivers.ts';
import { countStations, createKitchen } from './kitchen.ts';

/** One order with all its instants, in whole epoch ms. */
export type Order = {
  orderId: string;
  createdAt: number;
  startedAt: number;
  finishedAt: number;
  readyAt: number;
  arrivedAt: number;
  pickedUpAt: number;
  deliveredAt: number;
  items: BasketItem[];
  address: string;
  route: Route;
};

/**
 * The orders of a location on one business day, in the order of their creation: a function of seed, config and day
 * alone, drawn lazily. Each concern draws from its own random stream, so that a change to one leaves the others alone.
 */
export function* drawOrders(model: LocationModel, day: LocalDay): Generator<Order> {
  const { config, location, deliveryArea, disruptions } = model;
  const plan = planDay(model, day);
  if (!plan) return;
  const { open, minutes, planned } = plan;
  const streamOf = (purpose: string) => stream(model.seed, location.location_code, day, purpose);
  const stations = countStations(planned * peakShare(minutes), averagePrepMinutes(open), config);
  const kitchen = createKitchen(stations, config, streamOf('kitchen'), disruptions);
  const drivers = createDrivers(config, streamOf('drivers'), disruptions);
  const [baskets, doors] = [streamOf('baskets'), streamOf('doors')];
  let number = 0;
  for (const createdAt of drawOrderTimes(model, day, plan)) {
    const { items, prepMinutes } = drawBasket(open, config, baskets);
    const door = drawDoor(deliveryArea.doors, doors);
    const route = deliveryArea.routeTo(door);
    const cooked = kitchen.cook(createdAt, prepMinutes);
    const { arrivedAt, pickedUpAt, driveMs } = drivers.drive(createdAt, cooked, route.seconds);
    yield {
      orderId: model.orderIdOf(day, number++),
      createdAt,
      startedAt: Math.floor(cooked.startedAt),
      finishedAt: Math.floor(cooked.finishedAt),
      readyAt: Math.floor(cooked.readyAt),
      arrivedAt: Math.floor(arrivedAt),
      pickedUpAt: Math.floor(pickedUpAt),
      deliveredAt: Math.floor(pickedUpAt) + Math.ceil(driveMs),
      items,
      address: addressOf(deliveryArea.network, door, model.city),
      route,
    };
  }
}

/** The share of a day's orders in its busiest minute. */
function peakShare(minutes: DemandMinute[]): number {
  const weights = minutes.map((minute) => minute.weight);
  return Math.max(...weights) / weights.reduce((sum, weight) => sum + weight, 0);
}

function averagePrepMinutes(brands: OpenBrand[]): number {
  const known = brands.filter((brand) => brand.prepMinutes !== null);
  const weight = known.reduce((sum, brand) => sum + brand.weight, 0);
  return known.reduce((sum, brand) => sum + (brand.prepMinutes ?? 0) * brand.weight, 0) / (weight || 1);
}
