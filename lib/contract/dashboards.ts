import { z } from 'zod';
import { camelKeys } from './codec.ts';
import { searchText } from './fields.ts';

/** The most days that one question may cover: a leap year. */
const MAX_DAYS = 366;
const DAY_MS = 86_400_000;
const day = z.iso
  .date('Give a day as YYYY-MM-DD, such as 2026-10-01.')
  .refine((text) => text >= '1970-01-01' && text <= '2999-12-31', 'Give a day from 1970 to 2999.');

/**
 * The range of a dashboard, by the names in its address: days in UTC, both inclusive. Without `from` and `to` it is the
 * last seven days that have data; with one of them, seven days that begin or end there.
 */
export const dashboardQuerySchema = z
  .object({ from: day.optional(), to: day.optional(), location: searchText(100).optional() })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'The last day comes before the first: exchange from and to.',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || countDays(from, to) <= MAX_DAYS, {
    path: ['to'],
    message: `Ask for at most ${MAX_DAYS} days.`,
  });
export type DashboardQuery = z.output<typeof dashboardQuerySchema>;

/** How many days a range has, both ends included. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** The day that lies `days` after another, or before it where negative. */
export function addDays(from: string, days: number): string {
  return new Date(Date.parse(from) + days * DAY_MS).toISOString().slice(0, 10);
}

const minutes = z.number().nullable();

/**
 * Percentiles are those of the whole range; each lies within one minute of the exact one, and is null without deliveries.
 * The count is null where the console's database has no delivery at all, which does not mean that there were none.
 */
const deliveryTotalsSchema = camelKeys(
  z.object({ deliveries: z.int().nullable(), about_p50: minutes, about_p75: minutes, about_p99: minutes }),
  { about_p50: 'p50', about_p75: 'p75', about_p99: 'p99' },
);

/** Exact for the hour. The median of a phase is null where none of its deliveries tells that phase. */
const deliveryHourSchema = camelKeys(
  z.object({
    hour_ts: z.iso.datetime(),
    location: z.string().nullable(),
    deliveries: z.int(),
    p50: z.number(),
    p75: z.number(),
    p99: z.number(),
    kitchen_deliveries: z.int(),
    kitchen_p50: minutes,
    handover_deliveries: z.int(),
    handover_p50: minutes,
    drive_deliveries: z.int(),
    drive_p50: minutes,
  }),
);

/** GET /api/dashboards/deliveries: by the hour (UTC) of the delivery, minutes from created to delivered. */
export const deliveryDashboardSchema = camelKeys(
  z.object({
    /** Null where no days were asked for and the console's database has no deliveries. */
    from: z.iso.date().nullable(),
    to: z.iso.date().nullable(),
    location: z.string().nullable(),
    totals: deliveryTotalsSchema,
    /** The same of as many days before. */
    before: deliveryTotalsSchema,
    hours: z.array(deliveryHourSchema),
    /** How many deliveries took this many full minutes. */
    distribution: z.array(z.object({ minute: z.int(), deliveries: z.int() })),
  }),
);
export type DeliveryDashboard = z.output<typeof deliveryDashboardSchema>;
export type DeliveryTotals = DeliveryDashboard['totals'];
