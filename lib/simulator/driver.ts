import { distributions, type Source } from '#lib/random.ts';
import type { KitchenTimes } from './kitchen.ts';
import type { LocationConfig } from './location-config.ts';
import { calm, type Disruptions } from './scenarios/disruptions.ts';

/** When the driver came to the kitchen and left it (epoch ms), and how long the drive took (ms). */
export type DriverTimes = { arrivedAt: number; pickedUpAt: number; driveMs: number };

/** The drivers of one day. `routeSeconds` is the free drive; traffic makes it differ, a jam by far. */
export function openDrivers(
  config: LocationConfig,
  source: Source,
  { attend, drive }: Pick<Disruptions, 'attend' | 'drive'> = calm,
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
      const arrivedAt = attend(from + position() * (to - from));
      const pickedUpAt = Math.max(arrivedAt, attend(kitchen.pickedUpAt));
      const driveMs = routeSeconds * 1000 * Math.exp(traffic()) * jam * drive(pickedUpAt);
      return { arrivedAt, pickedUpAt, driveMs: Math.max(1, driveMs) };
    },
  };
}
export type Drivers = ReturnType<typeof openDrivers>;
