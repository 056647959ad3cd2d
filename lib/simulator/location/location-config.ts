import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { eventTypes } from '#lib/contract/event.ts';
import { messageOf, OperatorError } from '#lib/errors.ts';

const share = z.number().min(0).max(1);
const count = z.int().min(0).max(1_000_000);
/** Mean and standard deviation in minutes. */
const minutes = z.tuple([z.number().min(0), z.number().min(0)]);

/** The keys of the reference system's config files; all are optional. */
const referenceKeys = {
  /** Must be the location's code or its name, so that no file is used for another location. */
  location_name: z.string().min(1),
  /** The kitchen's street address. Routes begin there if the road network has that address. */
  gk_location: z.string().min(1),
  /** A road network file of `npm run build-roads`, relative to the directory of the config. */
  roads: z.string().min(1),
  random_seed: z.int(),
  /** The days of the straight line from `orders_day_1` to `orders_last`, which replaces the location's own growth. */
  start_days_ago: count,
  end_days_ahead: count,
  orders_day_1: count,
  orders_last: count,
  speed_up: z.number().positive(),
  batch_rows: z.int().min(1),
  batch_seconds: z.number().positive(),
  /** The shares of brands that grow, stay level and decline; replaces the rates in brand_locations. */
  brand_momentum: z
    .strictObject({ improving: share, flat: share, declining: share })
    .refine(({ improving, flat, declining }) => Math.abs(improving + flat + declining - 1) < 1e-6, {
      message: 'improving + flat + declining must be 1',
    }),
  /** Per 30 days: a growth of 0.8 multiplies demand by 1.8, a decline of 0.2 by 0.8. */
  momentum_rates: z.strictObject({ growth: z.number().min(0), decline: share }),
  /** Per event type and field, the share of events in which the field is null. */
  dq: z.partialRecord(z.enum(eventTypes), z.record(z.string().min(1), share)),
};

const configSchema = z
  .strictObject({
    ...z.object(referenceKeys).partial().shape,
    /** Each day's demand varies randomly by up to this many percent, up or down. */
    noise_pct: z.number().min(0).max(100).default(10),
    /** Demand is 1 in every open minute, and `times` in the middle of a peak. Hours may exceed 24. */
    demand_peaks: z
      .array(
        z
          .strictObject({ from_hour: z.number(), to_hour: z.number(), times: z.number().min(1) })
          .refine((peak) => peak.from_hour < peak.to_hour, 'from_hour must be before to_hour'),
      )
      .default([
        { from_hour: 11, to_hour: 13.5, times: 3 },
        { from_hour: 17, to_hour: 20, times: 3.5 },
      ]),
    /** Monday to Sunday. */
    weekday_factors: z.array(z.number().min(0)).length(7).default([1, 1.05, 1.08, 1.1, 1.25, 1.35, 1.15]),
    basket: z
      .strictObject({
        one_brand_pct: share.default(0.7),
        max_brands: z.int().min(1).default(3),
        max_items: z.int().min(1).default(3),
        second_piece_pct: share.default(0.25),
      })
      .prefault({}),
    /**
     * Minutes of created → started (cs), started → finished where the brands have no preparation time (sf),
     * finished → ready (fr) and ready → picked up (rp).
     */
    svc: z
      .strictObject({
        cs: minutes.default([2, 1]),
        sf: minutes.default([10, 3]),
        fr: minutes.default([2, 1]),
        rp: minutes.default([6, 2]),
      })
      .prefault({}),
    kitchen: z
      .strictObject({
        /** The utilization of the stations in the busiest minute of an average day; near 1, orders queue. */
        peak_load: z.number().min(0.1).max(2).default(0.85),
        remake_pct: share.default(0.03),
      })
      .prefault({}),
    driver_arrival: z
      .strictObject({
        alpha: z.number().positive().default(3),
        beta: z.number().positive().default(3),
        after_ready_pct: share.default(0.5),
      })
      .prefault({}),
    traffic: z
      .strictObject({ noise_sd: z.number().min(0).max(1).default(0.12), jam_pct: share.default(0.04) })
      .prefault({}),
    radius_mi: z.number().positive().max(50).default(4),
    driver_mph: z.number().positive().max(100).default(25),
    ping_sec: z.number().min(1).default(60),
  })
  .refine(({ orders_day_1, orders_last }) => (orders_day_1 === undefined) === (orders_last === undefined), {
    path: ['orders_last'],
    message: 'and orders_day_1 must be given together',
  })
  .refine(({ brand_momentum, momentum_rates }) => !brand_momentum || momentum_rates, {
    path: ['momentum_rates'],
    message: 'must be given with brand_momentum',
  });

/** The behaviour of one location. Shares are from 0 to 1, service times in minutes. */
export type LocationConfig = z.infer<typeof configSchema>;

/** Validates a config and fills in the defaults. @throws OperatorError that names the invalid keys. */
export function parseLocationConfig(value: unknown, file = 'The location config'): LocationConfig {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`.trim());
  throw new OperatorError(`${file} is invalid: ${problems.join('; ')}. Correct it and start again.`);
}

type LocationNames = { location_code: string; name: string };

/**
 * Reads a location's config from a directory: `<code>.json`, or the file named after the location ("San Francisco" →
 * sanfrancisco.json). A location without a file gets the defaults.
 * @throws OperatorError that names the file and what is wrong in it.
 */
export function readLocationConfig(directory: string, location: LocationNames): LocationConfig {
  const names = fileNamesOf(location);
  const file = names.map((name) => join(directory, `${name}.json`)).find((path) => existsSync(path));
  const config = parseLocationConfig(file ? readJson(file) : {}, file);
  if (config.location_name === undefined || names.includes(config.location_name)) return config;
  throw new OperatorError(
    `${file} is invalid: location_name is "${config.location_name}", but the file is for ${names.join(' or ')}. Correct it and start again.`,
  );
}

function fileNamesOf({ location_code, name }: LocationNames): string[] {
  return [...new Set([location_code, name.toLowerCase().replace(/[^a-z0-9]/g, '')])];
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new OperatorError(`${file} is not valid JSON: ${messageOf(error)}.`, { cause: error });
  }
}
