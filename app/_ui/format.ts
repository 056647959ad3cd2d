const MINUS = '−';

/** 38.24 → "38.2 min". */
export function formatMinutes(minutes: number): string {
  return `${minutes.toFixed(1)} min`;
}

/** 7.3 → "+7.3 min", −3.1 → "−3.1 min": minutes compared with a benchmark. */
export function formatLateness(minutes: number): string {
  const sign = minutes < 0 ? MINUS : '+';
  return `${sign}${Math.abs(minutes).toFixed(1)} min`;
}

/** 4141 → "4,141". */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** A duration in seconds: 42 → "42 s", 310 → "5 min 10 s", 4000 → "1 h 6 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 && whole > 0 ? MINUS : '';
  if (whole < 60) return `${sign}${whole} s`;
  if (whole < 3600) return `${sign}${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${sign}${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A location's code for people: "palo_alto" → "Palo Alto", "sf" → "SF". */
export function formatLocation(location: string | null): string {
  if (location === null) return 'Unknown location';
  const words = location.split(/[_\s]+/).filter(Boolean);
  return words.map(capitalize).join(' ');
}

function capitalize(word: string): string {
  return word.length <= 2 ? word.toUpperCase() : `${word.charAt(0).toUpperCase()}${word.slice(1)}`;
}

const dateAndTime = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;
const absolute = new Map<string, Intl.DateTimeFormat>();
const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** An ISO instant → "24 Nov 2026, 03:58:12 UTC", in an IANA time zone or UTC, the same text on every machine. */
export function formatInstant(at: string, timeZone = 'UTC'): string {
  const format = absolute.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...dateAndTime, timeZone });
  absolute.set(timeZone, format);
  const name = timeZone === 'UTC' ? timeZone : formatTimeZone(at, timeZone);
  return `${format.format(new Date(at))} ${name}`;
}

/** An instant in a time zone, and in UTC if that differs. */
export function formatWithUtc(at: string, timeZone: string): string {
  const universal = formatInstant(at);
  return timeZone === 'UTC' ? universal : `${formatInstant(at, timeZone)} · ${universal}`;
}

/** An ISO instant → "03:58:12", in an IANA time zone or UTC. */
export function formatClock(at: string, timeZone = 'UTC'): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone });
}

/** The short name of a time zone at an ISO instant: "UTC", "PST", "GMT+1". */
export function formatTimeZone(at: string, timeZone = 'UTC'): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'short' }).formatToParts(
    new Date(at),
  );
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? timeZone;
}

/** How long ago an ISO instant was at `now` (milliseconds): "just now", "12 min ago", a date after 30 days. */
export function formatAgo(at: string, now: number): string {
  const seconds = Math.round((now - Date.parse(at)) / 1000);
  if (Math.abs(seconds) < 60) return 'just now';
  const size = Math.abs(seconds);
  if (size >= 30 * 86_400) return day.format(new Date(at));
  const text = size < 3600 ? `${Math.floor(size / 60)} min` : size < 86_400 ? hours(size) : days(size);
  return seconds < 0 ? `in ${text}` : `${text} ago`;
}

const hours = (seconds: number) => `${Math.floor(seconds / 3600)} h`;
const days = (seconds: number) => `${Math.floor(seconds / 86_400)} d`;
