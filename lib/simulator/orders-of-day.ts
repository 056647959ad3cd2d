import { stream } from '#lib/random.ts';
import { drawBasket } from './basket.ts';
import type { OpenBrand } from './brands.ts';
import type { Minute } from './demand.ts';
import { openDrivers } from './driver.ts';
import { openKitchen, planStations } from './kitchen.ts';
import type { LocalDay } from './local-time.ts';
import type { Order } from './order.ts';
import { drawCreations, planDay } from './plan-day.ts';
import { addressOf, drawDoor } from './roads/doors.ts';
import type { World } from './world.ts';

/**
 * The orders of a location on one local day, as they are created: a function of seed, config and day alone, drawn
 * lazily. Each concern has a random stream of its own.
 */
export function* drawOrders(world: World, day: LocalDay): Generator<Order> {
  const { config, location, roads, disruptions } = world;
  const plan = planDay(world, day);
  if (!plan) return;
  const { open, minutes, planned } = plan;
  const streamOf = (purpose: string) => stream(world.seed, location.location_code, day, purpose);
  const stations = planStations(planned * peakShare(minutes), averagePrep(open), config);
  const kitchen = openKitchen(stations, config, streamOf('kitchen'), disruptions);
  const drivers = openDrivers(config, streamOf('drivers'), disruptions);
  const [baskets, doors] = [streamOf('baskets'), streamOf('doors')];
  let number = 0;
  for (const createdAt of drawCreations(world, day, plan)) {
    const { items, prepMinutes } = drawBasket(open, config, baskets);
    const door = drawDoor(roads.doors, doors);
    const route = roads.routeTo(door);
    const cooked = kitchen.cook(createdAt, prepMinutes);
    const { arrivedAt, pickedUpAt, driveMs } = drivers.drive(createdAt, cooked, route.seconds);
    yield {
      orderId: world.nameOrder(day, number++),
      createdAt,
      startedAt: Math.floor(cooked.startedAt),
      finishedAt: Math.floor(cooked.finishedAt),
      readyAt: Math.floor(cooked.readyAt),
      arrivedAt: Math.floor(arrivedAt),
      pickedUpAt: Math.floor(pickedUpAt),
      deliveredAt: Math.floor(pickedUpAt) + Math.ceil(driveMs),
      items,
      address: addressOf(roads.network, door, world.city),
      route,
    };
  }
}

/** The share of a day's orders that its busiest minute gets. */
function peakShare(minutes: Minute[]): number {
  const weights = minutes.map((minute) => minute.weight);
  return Math.max(...weights) / weights.reduce((sum, weight) => sum + weight, 0);
}

function averagePrep(brands: OpenBrand[]): number {
  const known = brands.filter((brand) => brand.prepMinutes !== null);
  const weight = known.reduce((sum, brand) => sum + brand.weight, 0);
  return known.reduce((sum, brand) => sum + (brand.prepMinutes ?? 0) * brand.weight, 0) / (weight || 1);
}
