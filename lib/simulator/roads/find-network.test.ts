import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import { silentProgress } from '#lib/progress.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { parseLocationConfig } from '../location/location-config.ts';
import { buildTestModel, dimensions, directories } from '../location/location-model.testing.ts';
import { buildLocationModel } from '../location/location-model.ts';
import { drawOrders } from '../orders/draw-orders.ts';
import { simulate } from '../simulate.ts';
import { findNetwork, readNetwork, writeNetwork } from './network-file.ts';
import { buildSyntheticNetwork } from './synthetic/synthetic-network.ts';

const source = { source: 'test', attribution: 'none' };
const portland = dimensions.locations.filter((row) => row.location_code === 'portland');
const cityOf = (code: string, radiusMiles = 4) =>
  buildSyntheticNetwork({ code, center: { lat: 45.5142, lon: -122.6519 }, radiusMiles });

async function createLayout() {
  const root = await temporaryDirectory();
  const configs = join(root, 'locations');
  await mkdir(configs);
  return { root, configs, own: join(root, 'roads', 'portland.json.gz'), other: join(root, 'other.json.gz') };
}

test('the requested file takes precedence over the one in the config, and that over the default file', async () => {
  const { root, configs, own, other } = await createLayout();
  const params = { code: 'portland', configs };
  expect(await findNetwork(params)).toBeUndefined();
  await writeNetwork(own, cityOf('portland', 1), source);
  await writeNetwork(other, cityOf('austin', 1), source);
  const [mine, theirs] = [await readNetwork(own), await readNetwork(other)];
  expect(mine.digest).not.toBe(theirs.digest);
  expect((await findNetwork(params))?.digest).toBe(mine.digest);
  expect((await findNetwork({ ...params, fromConfig: '../other.json.gz' }))?.digest).toBe(theirs.digest);
  expect((await findNetwork({ ...params, fromConfig: '../other.json.gz', requested: own }))?.digest).toBe(
    mine.digest,
  );
  await expect(findNetwork({ ...params, requested: join(root, 'none') })).rejects.toThrow(
    /cannot be read: ENOENT/,
  );
});

test('a city read from its file gives the same orders as one just built', async () => {
  const { own } = await createLayout();
  await writeNetwork(own, cityOf('portland'), source);
  const { network } = await readNetwork(own);
  const built = buildTestModel('portland', { config: {} });
  const [location] = portland;
  if (!location) throw new Error('no portland');
  const config = parseLocationConfig({});
  const read = buildLocationModel({ seed: 1, start: built.start, location, config, dimensions, network });
  const orders = [...drawOrders(read, read.startDay)];
  expect(orders.length).toBeGreaterThan(100);
  expect(orders).toEqual([...drawOrders(built, built.startDay)]);
});

test('a volume refuses other roads than it was written with', async () => {
  const { root, own } = await createLayout();
  await writeNetwork(own, cityOf('austin'), source);
  const options = {
    ...directories,
    volume: join(root, 'events'),
    location: 'portland',
    days: 1,
    live: false,
  };
  const tools = {
    clock: fixedClock('2026-03-09T20:30:00Z'),
    signal: new AbortController().signal,
    say: () => undefined,
    showProgress: () => silentProgress,
  };
  const run = (more: object) => simulate({ ...options, flushSeconds: 1, ...more }, tools);
  const [report] = await run({ roads: own });
  expect(report?.orders).toBeGreaterThan(50);
  await expect(run({})).rejects.toThrow(/other roads or another version/);
  expect(await run({ roads: own })).toMatchObject([{ continued: true, events: 0 }]);
  await expect(run({ roads: own, location: 'all' })).rejects.toThrow('--roads is for one location');
  await writeFile(own, 'broken');
  await expect(run({ roads: own })).rejects.toThrow(/portland.json.gz is not a road network/);
});
