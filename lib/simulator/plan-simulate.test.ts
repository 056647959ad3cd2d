import { existsSync } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import { silentProgress } from '#lib/progress.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { directories } from './location/location-model.testing.ts';
import { planSimulate } from './plan-simulate.ts';
import { simulate } from './simulate.ts';

const tools = {
  clock: fixedClock('2026-03-09T20:30:12.345Z'),
  signal: new AbortController().signal,
  say: () => undefined,
  showProgress: () => silentProgress,
};
const newVolume = async () => join(await temporaryDirectory(), 'events');
const defaults = { ...directories, location: 'all', days: 5, live: false, flushSeconds: 1 };

async function sizeOf(volume: string): Promise<number> {
  const names = await readdir(volume);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(volume, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

test('the plan estimates what the run writes within a tenth, and writes nothing', async () => {
  const volume = await newVolume();
  const plan = await planSimulate({ ...defaults, volume }, tools);
  expect(existsSync(volume) || existsSync(`${volume}-state`)).toBe(false);
  const reports = await simulate({ ...defaults, volume }, tools);
  expect(plan.map(({ location, seed, continued }) => ({ location, seed, continued }))).toEqual(
    reports.map(({ location, seed, continued }) => ({ location, seed, continued })),
  );
  const sum = (
    list: { [Key in 'orders' | 'events' | 'files']: number }[],
    key: 'orders' | 'events' | 'files',
  ) => list.reduce((total, each) => total + each[key], 0);
  const near = (one: number, other: number) => Math.abs(one / other - 1);
  for (const key of ['orders', 'events', 'files'] as const)
    expect(near(sum(plan, key), sum(reports, key)), key).toBeLessThan(0.1);
  expect(
    near(
      plan.reduce((total, { bytes }) => total + bytes, 0),
      await sizeOf(volume),
    ),
  ).toBeLessThan(0.1);
});

test('a continued run is planned from the end of its files, with the same refusals', async () => {
  const volume = await newVolume();
  await simulate({ ...defaults, volume, days: 1, location: 'portland', seed: 4 }, tools);
  const options = { ...defaults, volume, location: 'portland', until: new Date('2026-03-10T20:30:12.345Z') };
  const [plan] = await planSimulate(options, tools);
  expect(plan).toMatchObject({ continued: true, seed: 4, from: '2026-03-09T20:30:12.345Z' });
  expect(plan?.orders).toBeGreaterThan(50);
  await expect(planSimulate({ ...options, seed: 5 }, tools)).rejects.toThrow(/would mix two simulations/);
});
