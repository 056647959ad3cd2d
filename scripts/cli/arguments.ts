import { InvalidArgumentError } from 'commander';
import { UsageError } from '#lib/errors.ts';

/** Reads a count from the command line. @throws InvalidArgumentError where it is none. */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

/** Reads a size in bytes from the command line, a GiB at most. @throws InvalidArgumentError where it is none. */
export function readBytes(text: string): number {
  const bytes = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > 2 ** 30)
    throw new InvalidArgumentError('It must be a whole number up to 1073741824.');
  return bytes;
}

/** Reads numbers of rows from the command line. @throws UsageError where one is none. */
export function readIds(texts: readonly string[]): number[] {
  const wrong = texts.filter((text) => !/^[1-9]\d{0,8}$/.test(text));
  if (wrong.length > 0) throw new UsageError(`Not the number of a row: ${wrong.join(', ')}.`);
  return texts.map(Number);
}

/** Reads an instant from the command line. @throws InvalidArgumentError where it is none. */
export function readInstant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be an instant in ISO 8601.');
  return date;
}

/** Reads a port from the command line. @throws InvalidArgumentError where it is none. */
export function readPort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It must be a port number.');
  return port;
}

/** Reads a length of time such as 90s, 15m, 2h or 3d from the command line, in ms. @throws InvalidArgumentError */
export function readDuration(text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1] ?? 0) * (units[match?.[2] ?? ''] ?? 0);
  if (ms <= 0) throw new InvalidArgumentError('It must be a length of time such as 90s, 15m, 2h or 3d.');
  return ms;
}

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads how often, in ms: a length of time up to a day, or a number of minutes; 0 is all the time. @throws InvalidArgumentError */
export function readSchedule(text: string): number {
  const ms = /^\d{1,4}$/.test(text) ? Number(text) * 60_000 : readDuration(text);
  if (ms > 86_400_000) throw new InvalidArgumentError('It must be a day at most.');
  return ms;
}
