import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { buildFromExtract } from './build-roads.ts';
import type { OsmElement } from './osm-element.ts';
import { type Compression, writePbf, zlib } from './pbf.testing.ts';

type Way = Extract<OsmElement, { type: 'way' }>;

/** Three streets around a block, and a fourth that closes it. */
const corners: OsmElement[] = [
  [45, 9],
  [45, 9.004],
  [45.003, 9.004],
  [45.003, 9],
].map(([lat = 0, lon = 0], index) => ({ type: 'node', id: index + 1, lat, lon }));
const street = (id: number, name: string, ...refs: number[]): Way => ({
  type: 'way',
  id,
  refs,
  tags: { highway: 'residential', name },
});
const streets = [
  street(1, 'South Street', 1, 2),
  street(2, 'East Street', 2, 3),
  street(3, 'North Street', 3, 4),
  street(4, 'West Street', 4, 1),
];
const house: OsmElement = {
  type: 'node',
  id: 9,
  lat: 45.0001,
  lon: 9.002,
  tags: { 'addr:housenumber': '7', 'addr:street': 'South Street' },
};
const town = [...corners, house, ...streets];

const attributes = (values: Record<string, unknown>) =>
  Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${value}"`))
    .join('');
const tagsOf = ({ tags = {} }: OsmElement) =>
  Object.entries(tags)
    .map(([k, v]) => `<tag k="${k}" v="${v}"/>`)
    .join('');
type Options = { extra?: Record<string, unknown>; point?: (ref: number) => string };
/** An element as XML; `extra` are further attributes, `point` writes a point of a way. */
function xml(element: OsmElement, { extra = {}, point = (ref) => `<nd ref="${ref}"/>` }: Options = {}) {
  const { type, id } = element;
  if (element.type === 'way')
    return `<way${attributes({ id, ...extra })}>${element.refs.map(point).join('')}${tagsOf(element)}</way>`;
  const { lat, lon } = element;
  return `<${type}${attributes({ id, lat, lon, ...extra })}>${tagsOf(element)}</${type}>`;
}
const osm = (...inside: string[]) => `<?xml version="1.0"?>\n<osm version="0.6">${inside.join('\n')}</osm>\n`;
const plain = osm(...town.map((element) => xml(element)));

async function build(content: string | Buffer) {
  const path = join(await temporaryDirectory(), 'extract');
  await writeFile(path, content);
  return buildFromExtract(path);
}

async function streetsOf(content: string | Buffer): Promise<string[]> {
  const { network } = await build(content);
  return network.streets.filter((name) => name !== '').toSorted();
}
const all = streets.map(({ tags }) => tags?.name).toSorted();

const raw: Compression = { field: 1, pack: (bytes) => bytes };
const zstd: Compression = { field: 7, pack: zstdCompressSync };
test.each([
  ['zlib', zlib],
  ['no compression', raw],
  ['Zstandard', zstd],
])('a PBF extract with %s gives the network of its XML', async (_, compression) => {
  const { network, report } = await build(plain);
  expect(report).toMatchObject({ ways: 4, nodes: 4, edges: 8, known: 1 });
  expect(await build(writePbf([corners, [house, ...streets]], { compression }))).toEqual({
    network,
    report,
  });
});

test.each([
  ['LZMA', 4],
  ['bzip2', 5],
  ['LZ4', 6],
])('a PBF extract with %s is refused by that name, with what to do', async (name, field) => {
  const pbf = writePbf([town], { compression: { field, pack: (bytes) => bytes } });
  await expect(build(pbf)).rejects.toThrow(
    new RegExp(`is compressed with ${name}, which .* osmium cat .* Nothing was written`),
  );
});

test('a PBF extract that is broken, needs more than is known, or unpacks without end is refused', async () => {
  const whole = writePbf([town]);
  for (const cut of [whole.length - 1, whole.length - 60, 70, 30, 17])
    await expect(build(whole.subarray(0, cut))).rejects.toThrow(/is broken or cut off/);
  const noise = Buffer.from(whole);
  noise.fill(0xff, whole.length - 40);
  await expect(build(noise)).rejects.toThrow(/is broken or cut off/);
  await expect(build(writePbf([town], { features: ['Sorcery'] }))).rejects.toThrow(
    /requires what cannot be read here: Sorcery/,
  );
  const bomb = { field: 3, pack: () => zlib.pack(Buffer.alloc(64 * 1024 * 1024)) };
  await expect(build(writePbf([town], { compression: bomb }))).rejects.toThrow(/is broken or cut off/);
});

const closed = { ...streets[3], version: 2, deleted: true } as OsmElement;
const renamed = { ...street(2, 'Sunrise Street', 2, 3), version: 2 };
test('of an element the newest version counts, and a deleted one is not used', async () => {
  const history = [...corners, ...streets, renamed, closed];
  const expected = ['North Street', 'South Street', 'Sunrise Street'];
  expect(await streetsOf(writePbf([history], { features: ['HistoricalInformation'] }))).toEqual(expected);
  const versions = history.map((element) =>
    xml(element, { extra: { version: element.version ?? 1, visible: element.deleted ? 'false' : 'true' } }),
  );
  expect(await streetsOf(osm(...versions))).toEqual(expected);
  const removed = xml(streets[3] as Way, { extra: { version: 1, action: 'delete' } });
  expect(
    await streetsOf(osm(...[...corners, ...streets.slice(0, 3)].map((each) => xml(each)), removed)),
  ).toEqual(['East Street', 'North Street', 'South Street']);
  const gone = plain.replace('</osm>', '<node id="77" version="3" visible="false"/></osm>');
  expect(await streetsOf(gone)).toEqual(all);
});

test('an element that is printed again without its tags stays as it was', async () => {
  const bare = town.map((element) => xml({ ...element, tags: {} }));
  const once = await build(plain);
  expect(await build(osm(...town.map((element) => xml(element)), ...bare))).toEqual(once);
  expect(await build(osm(...[...town, ...town].map((element) => xml(element))))).toEqual(once);
});

test('the answers of Overpass: points with their positions are read, and one that is cut short is refused', async () => {
  const positions = new Map(corners.map((corner) => [corner.id, corner]));
  const point = (ref: number) => {
    const { lat, lon } = positions.get(ref) as { lat: number; lon: number };
    return `<nd${attributes({ ref, lat, lon })}/>`;
  };
  const geometry = [xml(house), ...streets.map((way) => xml(way, { point }))];
  expect(await build(osm(...geometry))).toEqual(await build(plain));
  const remark = '<remark> runtime error: Query timed out in "recurse" at line 3 after 61 seconds. </remark>';
  await expect(build(plain.replace('</osm>', `${remark}</osm>`))).rejects.toThrow(
    /is cut short; Overpass remarks: "runtime error: Query timed out in "recurse" at line 3 after 61 seconds\."\. Ask .*\[timeout/,
  );
  await expect(build(osm('<action type="create"></action>'))).rejects.toThrow(/is a list of changes/);
  const unnumbered = osm(...streets.map((way) => xml(way, { point: () => '<nd lat="45" lon="9"/>' })));
  await expect(build(unnumbered)).rejects.toThrow(/way 1 has points without a number: use "out geom"/);
  await expect(build(osm(...streets.map((way) => xml(way))))).rejects.toThrow(
    /no road that a car may drive on: the positions of its 4 road ways are missing/,
  );
});

test.each([
  ['JSON', Buffer.from('{"version": 0.6, "elements": []}'), 'It may be JSON: ask Overpass for [out:xml].'],
  ['bzip2', Buffer.from('BZh91AY&SY'), 'It is packed with bzip2: unpack it first.'],
  ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), 'It is packed with xz: unpack it first.'],
  ['Zstandard', zstdCompressSync(plain), 'It is packed with Zstandard: unpack it first.'],
])('a file of %s is refused with what to do', async (_, content, message) => {
  await expect(build(content)).rejects.toThrow(message);
});
