import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { referenceData, skipWithout } from '#lib/reference-data.testing.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { listEdgeOrigins } from '../network.ts';
import { readNetwork, writeNetwork } from '../network-file.ts';
import { buildPathTree } from '../shortest-path-tree.ts';
import { buildFromExtract } from './build-roads.ts';
import { openExtract } from './open-extract.ts';
import { readRoadWay } from './road-way.ts';

const extracts = ['monaco.osm.gz', 'andorra.osm.pbf'];

const tag = (k: string, v: string) => `<tag k="${k}" v="${v}"/>`;
const node = (id: number, north: number, east: number, inside = '') =>
  `<node id="${id}" lat="${45 + north / 111_320}" lon="${9 + east / 78_715}">${inside}</node>`;
const way = (id: number, refs: number[], ...tags: [string, string][]) =>
  `<way id="${id}">${refs.map((ref) => `<nd ref="${ref}"/>`).join('')}${tags.map(([k, v]) => tag(k, v)).join('')}</way>`;
const osm = (...inside: string[]) => `<?xml version="1.0"?>\n<osm version="0.6">${inside.join('\n')}</osm>\n`;

/** A square of 400 m whose north side is one-way to the east, a dead end, a path, and an isolated road far away. */
const town = osm(
  ...[node(1, 0, 0), node(2, 0, 400), node(3, 400, 400), node(4, 400, 0), node(5, 0, 200), node(6, -300, 0)],
  ...[
    node(8, 9000, 0),
    node(9, 9000, 50),
    node(10, 200, -15, tag('addr:housenumber', '7b') + tag('addr:street', 'west  street')),
  ],
  ...[
    node(11, 380, 190),
    node(12, 380, 210),
    node(13, 360, 200),
    node(14, 5000, 5000, tag('addr:housenumber', '1') + tag('addr:street', 'Nowhere')),
  ],
  way(1, [1, 5, 2], ['highway', 'primary'], ['name', 'South Road'], ['maxspeed', '30 mph']),
  way(2, [2, 3], ['highway', 'residential'], ['name', 'East Street']),
  way(3, [4, 3], ['highway', 'residential'], ['name', 'North Street'], ['oneway', 'yes']),
  way(4, [4, 1], ['highway', 'tertiary'], ['name', 'West Street']),
  way(5, [1, 6], ['highway', 'service'], ['oneway', '-1']),
  way(6, [3, 1], ['highway', 'footway'], ['name', 'Short Cut']),
  way(7, [8, 9], ['highway', 'residential'], ['name', 'Elsewhere']),
  way(8, [11, 12, 13, 11], ['building', 'yes'], ['addr:housenumber', '12'], ['addr:street', 'North Street']),
);

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, content);
  return path;
}

test('a town becomes a network: directions, speeds, the connected component, houses at their positions', async () => {
  const { network, report } = await buildFromExtract(await fileOf('town.osm', town));
  expect(report).toMatchObject({ ways: 6, points: 8, nodes: 4, edges: 7, known: 2 });
  expect(report.connectedShare).toBeCloseTo(5 / 8, 6);
  const names = [...listEdgeOrigins(network)].map(
    (from, edge) => `${from}-${network.target[edge]} ${network.streets[network.street[edge] ?? 0]}`,
  );
  expect(names.filter((name) => name.endsWith('North Street'))).toHaveLength(1);
  expect(names.filter((name) => name.endsWith('South Road'))).toHaveLength(2);
  const south = names.findIndex((name) => name.endsWith('South Road'));
  expect(network.seconds[south]).toBeCloseTo(400 / ((30 * 1.609344) / 3.6), 1);
  const known = network.addresses.number.indexOf('7b');
  expect(network.streets[network.addresses.street[known] ?? 0]).toBe('West Street');
  expect(network.addresses.share[known]).toBeCloseTo(0.5, 2);
  expect(network.addresses.number).toContain('12');
  expect(report.generated).toBeGreaterThanOrEqual(30);
  expect(report.generated).toBeLessThanOrEqual(32);
});

test('plain and gzipped XML give the same network, and so does its file', async () => {
  const plain = await buildFromExtract(await fileOf('a', `\uFEFF${town}`));
  const packed = await buildFromExtract(await fileOf('b', gzipSync(town)));
  expect(packed).toEqual(plain);
  const path = join(await temporaryDirectory(), 'roads', 'town.json.gz');
  const bytes = await writeNetwork(path, plain.network, { source: 'town.osm', attribution: 'none' });
  expect((await readFile(path)).length).toBe(bytes);
  expect((await readNetwork(path)).network).toEqual(plain.network);
});

test.each([
  ['a text', 'hello', /is not an OpenStreetMap extract: it is not PBF, XML/],
  ['nothing', '', /is not an OpenStreetMap extract/],
  ['HTML', '<html><body/></html>', /is broken or cut off \(it begins with <html>/],
  ['XML cut off', town.slice(0, -200), /is broken or cut off/],
  ['a gzip cut off', gzipSync(town).subarray(0, 400), /is broken or cut off \(unexpected end of file\)/],
  [
    'a gzip of noise',
    Buffer.concat([gzipSync(town).subarray(0, 40), Buffer.alloc(400, 7)]),
    /is broken or cut off/,
  ],
  [
    'a node without coordinates',
    osm('<node id="1" lat="x" lon="2"/>'),
    /is broken or cut off \(node 1 has an invalid number/,
  ],
  [
    'no roads',
    osm(node(1, 0, 0), node(2, 0, 9), way(1, [1, 2], ['highway', 'footway'])),
    /has no road that a car may/,
  ],
  ['no coordinates', osm(way(1, [1, 2], ['highway', 'primary'])), /has no road that a car may/],
  [
    'no street name',
    osm(node(1, 0, 0), node(2, 0, 99), way(1, [1, 2], ['highway', 'primary'])),
    /no address and no named street/,
  ],
  [
    'roads that do not meet',
    osm(
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((id) => node(id, id * 500, id)),
      ...[1, 3, 5, 7].map((id) => way(id, [id, id + 1], ['highway', 'primary'])),
    ),
    /are disconnected: they form 4 parts, and the largest has 25 %/,
  ],
])('%s is refused with a message', async (_, content, message) => {
  const path = await fileOf('extract', content);
  await expect(buildFromExtract(path)).rejects.toThrow(message);
  expect(await readdir(join(path, '..'))).toEqual(['extract']);
});

test('a missing extract, and a directory, are named in the error', async () => {
  const directory = await temporaryDirectory();
  await expect(openExtract(join(directory, 'x.osm'))).rejects.toThrow(/x.osm cannot be read: ENOENT/);
  await expect(openExtract(directory)).rejects.toThrow(/cannot be read: EISDIR/);
});

test.each([
  [{ highway: 'residential' }, { kmh: 30, forward: true, backward: true, name: '' }],
  [
    { highway: 'motorway', ref: 'A1' },
    { kmh: 105, forward: true, backward: false, name: 'A1' },
  ],
  [
    { highway: 'primary_link', oneway: 'no' },
    { kmh: 42, forward: true, backward: true },
  ],
  [
    { highway: 'tertiary', junction: 'roundabout' },
    { forward: true, backward: false },
  ],
  [
    { highway: 'tertiary', oneway: '-1' },
    { forward: false, backward: true },
  ],
  [{ highway: 'tertiary', maxspeed: 'FR:urban' }, { kmh: 50 }],
  [{ highway: 'tertiary', maxspeed: 'none' }, { kmh: 45 }],
  [{ highway: 'living_street', maxspeed: 'walk' }, { kmh: 7 }],
  [{ highway: 'service', access: 'private', motor_vehicle: 'yes' }, { kmh: 15 }],
])('%j is a road', (tags, expected) => {
  expect(readRoadWay(tags)).toMatchObject(expected);
});

test.each<Record<string, string>>([
  { highway: 'footway' },
  { highway: 'steps' },
  { highway: 'constructor' },
  { highway: 'residential', access: 'no' },
  { highway: 'residential', motor_vehicle: 'private', access: 'yes' },
  { highway: 'service', service: 'parking_aisle' },
  { highway: 'service', area: 'yes' },
  { building: 'yes' },
])('%j is not a road', (tags) => {
  expect(readRoadWay(tags)).toBeUndefined();
});

test.for(extracts)('%s becomes a connected network', async (name, context) => {
  const path = referenceData(`osm/${name}`);
  skipWithout(context, path);
  const { network, report } = await buildFromExtract(path);
  expect(report.connectedShare).toBeGreaterThan(0.9);
  expect(report.known).toBeGreaterThan(0);
  expect(buildPathTree(network, 5).seconds.every(Number.isFinite)).toBe(true);
  const whole = await readFile(path);
  const cut = await fileOf('cut', whole.subarray(0, Math.floor(whole.length * 0.7)));
  await expect(buildFromExtract(cut)).rejects.toThrow(/is broken or cut off/);
});

test('a file that is not a network, or was modified, is refused', async () => {
  const path = await fileOf('roads.json.gz', 'no gzip');
  await expect(readNetwork(path)).rejects.toThrow(
    /roads.json.gz is not a road network .*npm run build-roads/,
  );
  const { network } = await buildFromExtract(await fileOf('town.osm', town));
  const broken = { ...network, target: network.target.map(() => 99) };
  await writeNetwork(path, broken, { source: '', attribution: '' });
  await expect(readNetwork(path)).rejects.toThrow(/edges.to points outside its table/);
  await expect(readNetwork(`${path}.gone`)).rejects.toThrow(/cannot be read: ENOENT/);
});
