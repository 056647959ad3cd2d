import { InvalidArgumentError } from 'commander';

/** Reads a count from the command line. @throws InvalidArgumentError where it is none. */
export function readCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1.');
  return Number(text);
}

/** Reads an instant from the command line. @throws InvalidArgumentError where it is none. */
export function readInstant(text: string): Date {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new InvalidArgumentError('It must be an instant in ISO 8601.');
  return date;
}

/** Reads a length of time such as 90s, 15m, 2h or 3d from the command line, in ms. @throws InvalidArgumentError */
export function readDuration(text: string): number {
  const match = /^(\d{1,6})(s|m|h|d)$/.exec(text);
  const ms = Number(match?.[1] ?? 0) * (units[match?.[2] ?? ''] ?? 0);
  if (ms <= 0) throw new InvalidArgumentError('It must be a length of time such as 90s, 15m, 2h or 3d.');
  return ms;
}

const units: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
