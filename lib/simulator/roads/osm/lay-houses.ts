import type { Address, Roads } from '../network.ts';

const METERS_PER_HOUSE = 25;

/** Gives the named streets on which an extract knows no house numbers of their own, one every 25 meters. */
export function layHouses(roads: Roads): Roads {
  const known = new Set(roads.addresses.map(({ street }) => street));
  const next = new Map<number, number>();
  const laid: Address[] = [];
  const lanes = new Set(roads.edges.map(({ from, to }) => `${from} ${to}`));
  for (const { from, to, meters, street } of roads.edges) {
    const other = from > to && lanes.has(`${to} ${from}`);
    if (other || known.has(street) || !roads.streets[street]) continue;
    const count = Math.floor(meters / METERS_PER_HOUSE);
    const first = next.get(street) ?? 1;
    next.set(street, first + count);
    for (let house = 0; house < count; house += 1)
      laid.push({ from, to, street, share: (house + 0.5) / count, number: String(first + house) });
  }
  return { ...roads, addresses: [...roads.addresses, ...laid] };
}
