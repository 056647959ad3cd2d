import { formatTimestamp, parseTimestamp } from '#lib/contract/timestamp.ts';

/** The end of the window that a file covers, as ISO 8601 in UTC with microseconds, and its writer. */
export type EventFileName = { end: string; suffix?: string };

const FILE_NAME = /^(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})\.(\d{6})(?:-(.+?))?\.json(?:\.gz)?$/;

/** The name of an event file, "YYYYMMDD-HHMMSS.ffffff-suffix.json", so that names sort by time. */
export function formatFileName(end: Date, suffix: string): string {
  const digits = formatTimestamp(end.getTime()).replaceAll(/[-:]/g, '').replace(' ', '-');
  return `${digits}-${suffix}.json`;
}

/** Parses the name of an event file; undefined for a name in another form, which a reader still accepts. */
export function parseFileName(name: string): EventFileName | undefined {
  const match = FILE_NAME.exec(name);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction, suffix] = match;
  const end = parseTimestamp(`${year}-${month}-${day} ${hour}:${minute}:${second}.${fraction}`);
  return end === undefined ? undefined : { end, ...(suffix === undefined ? {} : { suffix }) };
}
