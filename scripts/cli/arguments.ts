import { InvalidArgumentError } from 'commander';
import { UsageError } from '#lib/errors.ts';

/** Parses a count from the command line. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of at least 1.');
  return Number(text);
}

/** Parses a size in bytes of at most 1 GiB from the command line. @throws InvalidArgumentError */
export function parseBytes(text: string): number {
  const bytes = /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 0;
  if (bytes < 1 || bytes > 2 ** 30)
    throw new InvalidArgumentError('It must be a whole number up to 1073741824.');
  return bytes;
}

/** Parses row ids from the command line. @throws UsageError */
export function parseIds(texts: readonly string[]): number[] {
  const wrong = texts.filter((text) => !/^[1-9]\d{0,8}$/.test(text));
  if (wrong.length > 0) throw new UsageError(`Not a row id: ${wrong.join(', ')}.`);
  return texts.map(Number);
}

/** Parses an instant from the command line. @throws InvalidArgumentError */
export function parseInstant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be an instant in ISO 8601.');
  return date;
}

/** Parses a port from the command line. @throws InvalidArgumentError */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new InvalidArgumentError('It must be a port number.');
  return port;
}

/** Parses a duration such as 90s, 15m, 2h or 3d from the command line. @returns milliseconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1] ?? 0) * (units[match?.[2] ?? ''] ?? 0);
  if (ms <= 0) throw new InvalidArgumentError('It must be a duration such as 90s, 15m, 2h or 3d.');
  return ms;
}

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parses an interval: a duration of at most a day, or a number of minutes; 0 is continuous. @returns milliseconds. @throws InvalidArgumentError */
export function parseInterval(text: string): number {
  const ms = /^\d{1,4}$/.test(text) ? Number(text) * 60_000 : parseDuration(text);
  if (ms > 86_400_000) throw new InvalidArgumentError('It must be at most a day.');
  return ms;
}
