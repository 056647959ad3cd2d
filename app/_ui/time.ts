const absolute = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

/** An ISO instant → "24 Nov 2026, 03:58:12 UTC", the same on every machine. */
export function formatInstant(at: string): string {
  return `${absolute.format(new Date(at))} UTC`;
}

/** An ISO instant → "03:58:12", in UTC. */
export function formatClock(at: string): string {
  return clock.format(new Date(at));
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
