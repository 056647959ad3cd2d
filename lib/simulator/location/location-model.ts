import { createHash } from 'node:crypto';
import { OperatorError } from '#lib/errors.ts';
import type { Dimensions, Row } from '../dimensions/tables.ts';
import { buildDeliveryArea, type DeliveryArea } from '../roads/delivery-area.ts';
import type { RoadNetwork } from '../roads/network.ts';
import { buildSyntheticNetwork } from '../roads/synthetic/synthetic-network.ts';
import { type Disruptions, noDisruptions } from '../scenarios/disruptions.ts';
import { applyMomentum, listPlacements, type Placement } from './brands.ts';
import { type LocalDay, localDayOf } from './local-time.ts';
import type { LocationConfig } from './location-config.ts';
import { createOrderIds } from './order-id.ts';

/** The fields that all events of a location share, and the interval of their driver pings. */
export type EventOrigin = { gkId: string; location: string; locationId: number; pingMs: number };

/** Everything that the orders of one location depend on. It is immutable. */
export type LocationModel = {
  seed: number;
  /** No order is created at or before this instant (epoch ms). Growth and brand openings count days from its local day. */
  start: number;
  startDay: LocalDay;
  location: Row<'locations'>;
  config: LocationConfig;
  placements: Placement[];
  disruptions: Disruptions;
  deliveryArea: DeliveryArea;
  city: string;
  origin: EventOrigin;
  orderIdOf: (day: LocalDay, number: number) => string;
};

export type LocationModelParams = {
  seed: number;
  start: number;
  location: Row<'locations'>;
  config: LocationConfig;
  dimensions: Dimensions;
  /** A road network from an extract; without one the city is synthetic. */
  network?: RoadNetwork | undefined;
};

/** Builds the model of a location. @throws OperatorError where it has nothing to sell or no address can be reached. */
export function buildLocationModel(plan: LocationModelParams): LocationModel {
  const { seed, start, location, config, dimensions } = plan;
  const { location_code: code, location_id: locationId } = location;
  const placements = applyMomentum(listPlacements(dimensions, locationId), config, seed);
  if (placements.length === 0)
    throw new OperatorError(`${code} has no brand with items: brand_locations has no row for it.`);
  const orderId = createOrderIds(seed);
  return {
    seed,
    start,
    startDay: localDayOf(start, location.time_zone),
    location,
    config,
    placements,
    disruptions: noDisruptions,
    deliveryArea: buildArea(plan),
    city: location.address?.split(', ').slice(1).join(', ') ?? location.name,
    origin: {
      gkId: createHash('md5').update(`kitchen ${code}`).digest('hex'),
      location: code,
      locationId,
      pingMs: config.ping_sec * 1000,
    },
    orderIdOf: (day, number) => orderId(locationId, day, number),
  };
}

function buildArea({ location, config, network }: LocationModelParams): DeliveryArea {
  const { location_code: code, lat, lon } = location;
  const radiusMiles = config.radius_mi;
  const city = network ?? buildSyntheticNetwork({ code, center: { lat, lon }, radiusMiles });
  const address = network ? (config.gk_location ?? location.address ?? undefined) : undefined;
  return buildDeliveryArea(city, {
    code,
    kitchen: { lat, lon },
    address,
    radiusMiles,
    mph: config.driver_mph,
  });
}

/** Increase it when the same config would give other orders, so that no volume mixes two versions. */
const MODEL_VERSION = 2;

/** A digest of everything that a location's orders depend on besides seed and start. `roads` is the network's digest. */
export function digestLocation(
  { location, config, dimensions }: Pick<LocationModelParams, 'location' | 'config' | 'dimensions'>,
  roads = 'synthetic',
): string {
  const content = [MODEL_VERSION, roads, location, config, listPlacements(dimensions, location.location_id)];
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16);
}
