import { integer, type Source } from '#lib/random.ts';

const NAMES =
  `Alder Aspen Barley Basin Beacon Birch Bramble Bridge Brook Canal Cannery Cedar Chandler Chapel Clover
Cobble Cooper Copper Creek Cypress Depot Dogwood Elm Fern Ferry Filbert Foundry Garnet Granary Gravel Harbor Harrow
Hawthorn Hazel Heron Holly Juniper Kiln Lantern Larch Laurel Linden Locust Magnolia Maple Mason Meadow Mercer Mill
Millrace Mulberry Oak Orchard Osprey Palmer Pear Pine Plum Poplar Quarry Quince Rail Reed Saddler Sawmill Shale
Slate Sorrel Spruce Sycamore Tanner Teal Thistle Timber Union Vine Walnut Weaver Wharf Willow Wren Yarrow`.split(
    /\s+/,
  );

/** `count` names for streets that run east, in a drawn order; a large city uses a name twice. */
export function drawStreetNames(count: number, source: Source): string[] {
  const left = NAMES.flatMap((name) => [`${name} St`, `${name} Ln`]);
  const drawn = Array.from({ length: left.length }, () =>
    left.splice(integer(source, 0, left.length - 1), 1),
  ).flat();
  return Array.from({ length: count }, (_, index) => drawn[index % drawn.length] ?? '');
}

/** 1 → "1st Ave", 12 → "12th Ave", 23 → "23rd Ave". */
export function numberedAvenue(number: number): string {
  const teen = number % 100 >= 11 && number % 100 <= 13;
  return `${number}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][number % 10] ?? 'th')} Ave`;
}
