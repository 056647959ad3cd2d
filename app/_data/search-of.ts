export type SearchParams = Record<string, string | string[] | undefined>;

/** The query string that a page was asked with, to come back to after signing in. */
export function searchOf(params: SearchParams): string {
  const entries = Object.entries(params).flatMap(([key, value]) =>
    [value ?? []].flat().map((one) => [key, one]),
  );
  return new URLSearchParams(entries).toString();
}
