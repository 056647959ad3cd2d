import type { Route } from 'next';
import { toOrderSegment } from '#lib/contract/order-path.ts';

/** Links of the console, built in one place; `search` is a query string with or without its question mark. */
export const paths = {
  home: () => '/' as Route,
  signIn: (next?: string) => withSearch('/sign-in', next ? new URLSearchParams({ next }).toString() : ''),
  refunds: (search = '') => withSearch('/refunds', search),
  refund: (orderId: string, search = '') => withSearch(`/refunds/${toOrderSegment(orderId)}`, search),
  decisions: () => '/decisions' as Route,
  quarantine: (search = '') => withSearch('/pipeline/quarantine', search),
  tableHistory: (search = '') => withSearch('/pipeline/history', search),
  quarantinedRecord: (id: number) => `/pipeline/quarantine/${id}` as Route,
  settings: () => '/settings' as Route,
  people: () => '/settings/people' as Route,
};

function withSearch(path: string, search: string): Route {
  const query = search.replace(/^\?/, '');
  return (query ? `${path}?${query}` : path) as Route;
}

export type SearchParams = Record<string, string | string[] | undefined>;

/** The query string of a page's search parameters, to return to it after signing in. */
export function toSearch(params: SearchParams): string {
  const entries = Object.entries(params).flatMap(([key, value]) =>
    [value ?? []].flat().map((one) => [key, one]),
  );
  return new URLSearchParams(entries).toString();
}
