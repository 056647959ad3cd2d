/** What of the queue's address a view keeps: its filters and order, not the page that one is on. */
export function viewSearch(search: string): string {
  const params = new URLSearchParams(search);
  params.delete('page');
  params.delete('cursor');
  params.sort();
  return params.toString();
}
