import type { QueueItem } from '#lib/refunds/queue/index.ts';

/** A row as it is shown. `left`: the filters no longer admit it, but it stays in its place until the list moves on. */
export type ShownRow = { item: QueueItem; left: boolean };

/**
 * Brings shown rows up to date without moving any: known orders are refreshed in place, those that the filters no
 * longer admit are marked, and new ones are only counted. `limit` is the size of a full page.
 */
export function mergeRows(
  shown: readonly ShownRow[],
  latest: readonly QueueItem[],
  limit: number,
): { rows: ShownRow[]; arrived: number } {
  if (shown.length === 0) return { rows: asRows(latest), arrived: 0 };
  const byId = new Map(latest.map((item) => [item.orderId, item]));
  const shownIds = new Set(shown.map(({ item }) => item.orderId));
  const lastKept = shown.findLastIndex(({ item }) => byId.has(item.orderId));
  const lastKnown = latest.findLastIndex((item) => shownIds.has(item.orderId));
  const rows = shown.map((row, index) => {
    const item = byId.get(row.item.orderId);
    return item ? { item, left: false } : { ...row, left: row.left || index < lastKept };
  });
  // Behind the last known order of a full page stand those that only moved up; they are not news.
  const newsEnd = shown.length < limit || lastKnown < 0 ? latest.length : lastKnown;
  const arrived = latest.slice(0, newsEnd).filter((item) => !shownIds.has(item.orderId)).length;
  return { rows, arrived };
}

export function asRows(items: readonly QueueItem[]): ShownRow[] {
  return items.map((item) => ({ item, left: false }));
}
