import { distributions, type Source } from '#lib/random.ts';
import type { LocationConfig } from '../location/location-config.ts';
import { type Disruptions, noDisruptions } from '../scenarios/disruptions.ts';
import type { KitchenTimes } from './kitchen.ts';

/** When the driver arrived at the kitchen and left it (epoch ms), and the length of the drive in ms. */
export type DriverTimes = { arrivedAt: number; pickedUpAt: number; driveMs: number };

/** The drivers of one day. `routeSeconds` is the drive without traffic; traffic varies it, and a jam makes it much longer. */
export function createDrivers(
  config: LocationConfig,
  source: Source,
  { driverAvailableAt, driveFactor }: Pick<Disruptions, 'driverAvailableAt' | 'driveFactor'> = noDisruptions,
) {
  const { alpha, beta, after_ready_pct } = config.driver_arrival;
  const draw = distributions(source);
  const position = draw.beta(alpha, beta);
  const traffic = draw.normal(0, config.traffic.noise_sd);
  return {
    drive(createdAt: number, kitchen: KitchenTimes, routeSeconds: number): DriverTimes {
      const [from, to] =
        source() < after_ready_pct
          ? [kitchen.readyAt, kitchen.pickedUpAt]
          : [createdAt, kitchen.plannedReadyAt];
      const jam = source() < config.traffic.jam_pct ? 1.7 : 1;
      const arrivedAt = driverAvailableAt(from + position() * (to - from));
      const pickedUpAt = Math.max(arrivedAt, driverAvailableAt(kitchen.pickedUpAt));
      const driveMs = routeSeconds * 1000 * Math.exp(traffic()) * jam * driveFactor(pickedUpAt);
      return { arrivedAt, pickedUpAt, driveMs: Math.max(1, driveMs) };
    },
  };
}
