import pg from 'pg';

const { builtins, getTypeParser } = pg.types;

/**
 * For the `types` of a query: a timestamptz becomes ISO 8601 in UTC with milliseconds, as `toISOString` writes it but many
 * times faster, and a date stays text. The session's time zone must be UTC, as `connect` sets it.
 */
export const resultTypes: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') => {
    if (format === 'text' && oid === builtins.TIMESTAMPTZ) return toIso;
    if (format === 'text' && oid === builtins.DATE) return String;
    return getTypeParser(oid, format);
  }) as never,
};

/** "2026-01-02 03:04:05.678901+00", whose fraction may be shorter or missing. */
function toIso(text: string): string {
  if (text[10] !== ' ' || !text.endsWith('+00')) return (parseUnusual(text) as Date).toISOString();
  const fraction = text.slice(20, -3).slice(0, 3).padEnd(3, '0');
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${fraction}Z`;
}

const parseUnusual = getTypeParser(builtins.TIMESTAMPTZ, 'text');
