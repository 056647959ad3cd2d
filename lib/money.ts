/** An exact amount of US dollars as an integer number of cents. */
export type Cents = number;

const USD = /^(-)?(\d{1,12})(?:\.(\d{1,2})0*)?$/;

/**
 * Parses a decimal amount of dollars ("12", "12.5", "12.50", a Postgres numeric) into cents.
 * @returns undefined where the text is not such an amount or has a fraction of a cent.
 */
export function parseUsd(text: string): Cents | undefined {
  const match = USD.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '0', fraction = ''] = match;
  const cents = Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  return sign && cents !== 0 ? -cents : cents;
}

/** Parses a `numeric` column of whole cents. @throws RangeError where it has a fraction of a cent. */
export function centsFromNumeric(numeric: string): Cents {
  const cents = parseUsd(numeric);
  if (cents === undefined) throw new RangeError(`not an exact amount in cents: ${numeric}`);
  return cents;
}

/** Formats cents as a plain decimal for SQL and JSON: 450 → "4.50". */
export function toDecimal(cents: Cents): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`not a whole number of cents: ${cents}`);
  const digits = Math.abs(cents).toString().padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** Formats cents for display: 123450 → "$1,234.50". */
export function formatUsd(cents: Cents): string {
  const [whole = '0', fraction = '00'] = toDecimal(Math.abs(cents)).split('.');
  return `${cents < 0 ? '−' : ''}$${whole.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction}`;
}

/** A share of an amount in whole percent, rounded half up to a multiple of `step` cents. */
export function percentOf(total: Cents, percent: number, step: Cents): Cents {
  return Math.floor((total * percent * 2 + step * 100) / (step * 200)) * step;
}
