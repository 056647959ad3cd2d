const FIRST_SECOND = Date.parse('0001-01-01T00:00:00Z') / 1000;
const LAST_SECOND = Date.parse('9999-12-31T23:59:59Z') / 1000;
const DAY_SECONDS = 86_400;

/** Days as text: a few days are formatted over and over, and formatting one is slow. */
const dayTexts = new Map<number, string>();
const MAX_DAYS = 10_000;

/**
 * Microseconds since 1970 as ISO 8601 in UTC with all six digits: exact until 2255, within 32 µs after that, and
 * clamped to the years 1 to 9999, which every reader of the text understands.
 */
export function isoFromMicros(micros: number): string {
  const second = Math.floor(micros / 1_000_000);
  if (second < FIRST_SECOND) return '0001-01-01T00:00:00.000000Z';
  if (second > LAST_SECOND) return '9999-12-31T23:59:59.999999Z';
  const rest = Math.min(Math.max(micros - second * 1_000_000, 0), 999_999);
  const day = Math.floor(second / DAY_SECONDS);
  const inDay = second - day * DAY_SECONDS;
  const hour = Math.floor(inDay / 3600);
  const minute = Math.floor(inDay / 60) % 60;
  return `${formatDay(day)}T${pad(hour)}:${pad(minute)}:${pad(inDay % 60)}.${String(rest).padStart(6, '0')}Z`;
}

function formatDay(day: number): string {
  const known = dayTexts.get(day);
  if (known !== undefined) return known;
  if (dayTexts.size >= MAX_DAYS) dayTexts.clear();
  const text = new Date(day * DAY_SECONDS * 1000).toISOString().slice(0, 10);
  dayTexts.set(day, text);
  return text;
}

function pad(value: number): string {
  return value < 10 ? `0${value}` : `${value}`;
}
