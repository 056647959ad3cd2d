/** A day of the local calendar, as days since 1970-01-01. */
export type LocalDay = number;

/** When a kitchen is open: times of day as "HH:MM". Without a zone they are UTC; without hours it never closes. */
export type OpeningHours = { time_zone: string | null; opens_at: string | null; closes_at: string | null };

/** A minute in which a kitchen is open: its start in epoch ms, and in minutes since midnight of its business day. */
export type OpenMinute = { at: number; localMinute: number };

const DAY = 86_400_000;
const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const formatters = new Map<string, Intl.DateTimeFormat>();

/** The UTC offset of a zone at an instant (epoch ms), in minutes. */
export function offsetMinutes(at: number, zone: string): number {
  const formatter =
    formatters.get(zone) ?? new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  formatters.set(zone, formatter);
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(formatter.format(at)) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
}

/** The local day of an instant (epoch ms). */
export function localDayOf(at: number, zone: string | null): LocalDay {
  return Math.floor((at + offsetMinutes(at, zone ?? 'UTC') * MINUTE) / DAY);
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: LocalDay): number {
  return (day + 3) % 7;
}

/** When the kitchen opens on a local day, in epoch ms. */
export function openingOf(day: LocalDay, hours: OpeningHours): number {
  return instantOf(day, minuteOfDay(hours.opens_at), hours.time_zone ?? 'UTC');
}

/**
 * The open minutes of a business day in order; a kitchen that closes after midnight stays open into the next day.
 * It iterates over real time, so a day on which the clocks change has 23 or 25 hours. UTC offsets change only on
 * quarters of an hour, so they are looked up once a quarter.
 */
export function listOpenMinutes(day: LocalDay, hours: OpeningHours): OpenMinute[] {
  const zone = hours.time_zone ?? 'UTC';
  const opens = minuteOfDay(hours.opens_at);
  const closes = minuteOfDay(hours.closes_at);
  const from = instantOf(day, opens, zone);
  const to = closes > opens ? instantOf(day, closes, zone) : instantOf(day + 1, closes, zone);
  const offsets = new Map<number, number>();
  for (let at = from - (from % QUARTER); at < to; at += QUARTER) offsets.set(at, offsetMinutes(at, zone));
  return Array.from({ length: Math.max(0, (to - from) / MINUTE) }, (_, index) => {
    const at = from + index * MINUTE;
    return { at, localMinute: (at - day * DAY) / MINUTE + (offsets.get(at - (at % QUARTER)) ?? 0) };
  });
}

function minuteOfDay(time: string | null): number {
  const [hours = 0, minutes = 0] = (time ?? '00:00').split(':').map(Number);
  return hours * 60 + minutes;
}

/** A time of day that the clocks skip is moved forward by the length of the skip. */
function instantOf(day: LocalDay, minute: number, zone: string): number {
  const local = day * DAY + minute * MINUTE;
  const guess = local - offsetMinutes(local, zone) * MINUTE;
  return local - offsetMinutes(guess, zone) * MINUTE;
}
