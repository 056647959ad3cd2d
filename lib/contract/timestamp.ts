const FORM =
  /^(\d{4})-(\d{2})-(\d{2})[ Tt](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?([Zz]|[+-]\d{2}(?::?\d{2})?)?$/;
/** What nearly all are, in UTC and on a day that every such month has: it takes no arithmetic. */
const USUAL =
  /^(?!0000)\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31) (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}$/;

/**
 * Reads an event time: "YYYY-MM-DD HH:MM[:SS[.f…]]" in UTC, or ISO 8601 with an offset. Of up to nine decimals those
 * beyond microseconds are cut, never rounded.
 * @returns the instant as "YYYY-MM-DDTHH:MM:SS.ffffffZ", or undefined where the text names no instant.
 */
export function parseTimestamp(text: string): string | undefined {
  if (USUAL.test(text)) return `${text.slice(0, 10)}T${text.slice(11)}Z`;
  const match = FORM.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '00', fraction = '', zone = 'Z'] = match;
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const asUtc = new Date(`${local}Z`);
  if (Number.isNaN(asUtc.getTime()) || asUtc.toISOString().slice(0, 19) !== local) return undefined;
  const offset = offsetMinutes(zone);
  if (offset === undefined) return undefined;
  const instant =
    offset === 0 ? local : new Date(asUtc.getTime() - offset * 60_000).toISOString().slice(0, 19);
  return instant >= '0001' ? `${instant}.${fraction.slice(0, 6).padEnd(6, '0')}Z` : undefined;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 15 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** Without "e+": C and its kin write it after six digits, the rest being lost; Java's E comes with all of them. */
const NUMBER = /^([1-9]\d*)(?:\.(\d+))?(?:[eE](\d{1,2}))?$/;
/** The numbers of whole digits that leave no doubt: seconds, milliseconds, microseconds. */
const CLEAR_LENGTHS: ReadonlySet<number> = new Set([10, 13, 16]);
const SECOND_DIGITS = 10;
const MICROSECOND_DIGITS = 16;

/**
 * Reads an event time that is a number: seconds, milliseconds or microseconds since 1970. Seconds have ten whole digits
 * from 2001 to 2286, milliseconds thirteen and microseconds sixteen; any other number may be several times or none.
 * @param text the number as JSON writes it; decimals beyond microseconds are cut.
 * @returns the instant as `parseTimestamp` gives it, or undefined where the magnitude leaves a doubt.
 */
export function parseEpoch(text: string): string | undefined {
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const shift = Number(exponent);
  const digits = `${whole}${fraction.padEnd(shift, '0')}`;
  const wholeDigits = whole.length + shift;
  if (!CLEAR_LENGTHS.has(wholeDigits)) return undefined;
  const micros = digits.slice(SECOND_DIGITS, MICROSECOND_DIGITS).padEnd(6, '0');
  const seconds = new Date(Number(digits.slice(0, SECOND_DIGITS)) * 1000).toISOString();
  return `${seconds.slice(0, 19)}.${micros}Z`;
}

/** Writes an instant the way the simulator writes `ts`: "YYYY-MM-DD HH:MM:SS.ffffff" in UTC. */
export function formatTimestamp(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 23).replace('T', ' ')}000`;
}
