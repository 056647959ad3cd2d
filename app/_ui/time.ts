const moment = {
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

/** An ISO instant → "24 Nov 2026, 03:58:12 UTC", in an IANA time zone or UTC, the same on every machine. */
export function formatInstant(at: string, timeZone = 'UTC'): string {
  const format = absolute.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { ...moment, timeZone });
  absolute.set(timeZone, format);
  const name = timeZone === 'UTC' ? timeZone : nameTimeZone(at, timeZone);
  return `${format.format(new Date(at))} ${name}`;
}

/** An instant for whoever hovers over it: on their own clock, and in UTC where that is another. */
export function formatBoth(at: string, timeZone: string): string {
  const universal = formatInstant(at);
  return timeZone === 'UTC' ? universal : `${formatInstant(at, timeZone)} · ${universal}`;
}

/** An ISO instant → "03:58:12", in an IANA time zone or UTC. */
export function formatClock(at: string, timeZone = 'UTC'): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone });
}

/** The short name of a time zone at an ISO instant: "UTC", "PST", "GMT+1". */
export function nameTimeZone(at: string, timeZone = 'UTC'): string {
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
