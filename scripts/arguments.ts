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
