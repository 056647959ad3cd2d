import { z } from 'zod';
import { parseTimestamp } from '#lib/contract/timestamp.ts';

/** The seven lifecycle events in the order of a delivery without trouble, and the one of telemetry. */
export const lifecycleTypes = [
  'order_created',
  'gk_started',
  'gk_finished',
  'gk_ready',
  'driver_arrived',
  'driver_picked_up',
  'delivered',
] as const;
export const eventTypes = [...lifecycleTypes, 'driver_ping'] as const;
export type LifecycleType = (typeof lifecycleTypes)[number];
export type EventType = (typeof eventTypes)[number];

const coordinate = z.number().nullish();
const int4 = z.int().min(-2_147_483_648).max(2_147_483_647);
/** Far beyond any order, and together below what a total in cents and its column hold: 500 × 1,000 × $10,000. */
export const limits = { lines: 500, qty: 1_000, price: 10_000, key: 200 };
/** Texts that are keys of tables: Postgres keeps no index entry of any length. */
const key = z.string().max(limits.key);

/** Prices are dollars with at most two decimals; the exact amount is read from the JSON text in SQL. */
const price = z
  .number()
  .min(0)
  .max(limits.price)
  .refine((value) => Number(value.toFixed(2)) === value, 'has a fraction of a cent');

export const orderItemSchema = z.object({
  id: int4.nullish(),
  category_id: int4.nullish(),
  menu_id: int4.nullish(),
  brand_id: int4.nullish(),
  name: z.string().nullish(),
  price,
  qty: z.int().min(1).max(limits.qty),
});

/** The body of each event type; unknown keys are kept in the stored text and ignored here. */
export const bodySchemas = {
  order_created: z.object({
    customer_lat: coordinate,
    customer_lon: coordinate,
    customer_addr: z.string().nullish(),
    items: z.array(orderItemSchema).min(1).max(limits.lines),
  }),
  gk_started: z.object({}),
  gk_finished: z.object({}),
  gk_ready: z.object({}),
  driver_arrived: z.object({}),
  driver_picked_up: z.object({
    route_points: z.array(z.tuple([z.number(), z.number()])).nullish(),
    eta_mins: z.number().nullish(),
  }),
  driver_ping: z.object({ progress_pct: z.number().nullish(), loc_lat: coordinate, loc_lon: coordinate }),
  delivered: z.object({ delivered_lat: coordinate, delivered_lon: coordinate }),
} as const satisfies Record<EventType, z.ZodType>;

export type EventBody<Type extends EventType> = z.infer<(typeof bodySchemas)[Type]>;
export type OrderItem = z.infer<typeof orderItemSchema>;

const timestamp = z.string().transform((text, context) => {
  const instant = parseTimestamp(text);
  if (instant === undefined) context.addIssue({ code: 'custom', message: 'is not a timestamp' });
  return instant ?? z.NEVER;
});

/**
 * The envelope that all events share. `ts` comes out as ISO 8601 in UTC with microseconds; a number was read before
 * (`parseEpoch`), because its decimals are only in its source.
 */
export const envelopeSchema = z.object({
  event_id: key.min(1),
  event_type: z.enum(eventTypes),
  ts: timestamp,
  gk_id: key.nullish(),
  location: key.nullish(),
  location_id: int4.nullish(),
  order_id: key.min(1),
  sequence: int4.min(0),
  body: z.union([z.string(), z.record(z.string(), z.unknown())]),
});
export type Envelope = z.infer<typeof envelopeSchema>;
export const envelopeKeys: ReadonlySet<string> = new Set(Object.keys(envelopeSchema.shape));

/** An event as a simulator writes it: `body` is a JSON string. */
export type OrderEvent = {
  event_id: string;
  event_type: EventType;
  ts: string;
  gk_id: string;
  location: string;
  location_id: number;
  order_id: string;
  sequence: number;
  body: string;
};
