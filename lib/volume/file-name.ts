import { formatTimestamp, parseTimestamp } from '#lib/contract/timestamp.ts';

/** The end of the time that a file covers, as ISO 8601 in UTC with microseconds, and who wrote it. */
export type EventFileName = { end: string; suffix?: string };

const FORM = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\.(\d{6})(?:-(.+?))?\.json(?:\.gz)?$/;

/** Names an event file: "YYYYMMDD-HHMMSS.ffffff-suffix.json", so that names sort by time. */
export function formatFileName(end: Date, suffix: string): string {
  const digits = formatTimestamp(end.getTime()).replaceAll(/[-:]/g, '').replace(' ', '-');
  return `${digits}-${suffix}.json`;
}

/** Reads the name of an event file; undefined where it is no such name (a reader takes the file all the same). */
export function parseFileName(name: string): EventFileName | undefined {
  const match = FORM.exec(name);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, suffix] = match;
  const end = parseTimestamp(`${year}-${month}-${day} ${hour}:${minute}:${second}.${fraction}`);
  return end === undefined ? undefined : { end, ...(suffix === undefined ? {} : { suffix }) };
}
