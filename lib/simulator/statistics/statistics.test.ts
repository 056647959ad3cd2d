import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { buildTestModel, codes, dimensions } from '../location/location-model.testing.ts';
import { countDemand, measureGrowth, testShape } from './demand-statistics.ts';
import { measureOrders } from './order-statistics.ts';
import { plotPanels } from './plot-panels.ts';
import {
  describeTables,
  type LocationStatistics,
  measureLocations,
  plotDemand,
  plotGrowth,
  STATISTICS_DAYS,
} from './statistics-page.ts';

const docs = join(import.meta.dirname, '../../../docs');
const measured = measureLocations();
const growthOf = async (code: string) =>
  (await measured).find(({ model }) => model.location.location_code === code)?.growth ?? {
    planned: 0,
    created: 0,
  };

test.each([
  ['portland', 49.4],
  ['austin', 129.6],
  ['denver', 0],
  ['pittsburgh', -22],
])(
  '%s grows by %f percent from the first four weeks to the last four, within 5 points',
  async (code, growth) => {
    const { planned, created } = await growthOf(code);
    expect(Math.abs(planned - growth)).toBeLessThan(0.5);
    expect(Math.abs(created - planned)).toBeLessThan(5);
  },
);

test.each(codes)('%s: over 24 seeds the growth is not biased', (code) => {
  const growths = Array.from({ length: 24 }, (_, seed) =>
    measureGrowth(countDemand(buildTestModel(code, { seed }), 90).days),
  );
  const off = growths.reduce((sum, { planned, created }) => sum + created - planned, 0) / growths.length;
  expect(Math.abs(off)).toBeLessThan(5);
});

test('a different growth rate changes the growth', () => {
  const model = buildTestModel('denver');
  const faster = { ...model, location: { ...model.location, growth_rate_daily: 0.002 } };
  expect(measureGrowth(countDemand(faster, 90).days).created).toBeGreaterThan(8);
});

test('the shape test detects demand at the wrong hour', async () => {
  for (const { shape, demand } of await measured) {
    expect(shape.chiSquare).toBeLessThan(shape.critical);
    const shifted = demand.quarters.map(({ created }, index) => ({
      planned: demand.quarters.at(index - 1)?.planned ?? 0,
      created,
    }));
    const wrong = testShape(shifted);
    expect(wrong.chiSquare).toBeGreaterThan(wrong.critical);
  }
});

test.each(codes)('%s: weekdays have the ratios of their factors', (code) => {
  const seeds = [1, 2, 3, 4, 5, 6].map((seed) => countDemand(buildTestModel(code, { seed }), 84).weekdays);
  for (let weekday = 0; weekday < 7; weekday += 1) {
    const created = seeds.reduce((sum, weekdays) => sum + (weekdays[weekday]?.created ?? 0), 0);
    const planned = seeds.reduce((sum, weekdays) => sum + (weekdays[weekday]?.planned ?? 0), 0);
    // 72 days of noise that is uniform within ±10 %, plus Poisson noise.
    const sigma = Math.sqrt(0.1 ** 2 / 3 / 72 + 1 / planned);
    expect(Math.abs(created / planned - 1)).toBeLessThan(4 * sigma);
  }
});

test('46 % of all events are pings, within 3 points: 13 events per order', () => {
  const summaries = codes.map((code) => measureOrders(buildTestModel(code), 14));
  const sum = (key: 'orders' | 'events' | 'pings' | 'early') =>
    summaries.reduce((total, summary) => total + summary[key], 0);
  expect(Math.abs(sum('pings') / sum('events') - 0.46)).toBeLessThan(0.03);
  expect(Math.abs(sum('early') / sum('orders') - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / sum('orders')));
  expect(sum('events')).toBe(7 * sum('orders') + sum('pings'));
});

test('the plots and tables of the page match the model', async () => {
  const locations: LocationStatistics[] = await measured;
  const file = (name: string) => readFile(join(docs, name), 'utf8');
  expect(await file('images/simulator-demand.svg')).toBe(plotDemand(locations, STATISTICS_DAYS));
  expect(await file('images/simulator-growth.svg')).toBe(plotGrowth(locations));
  const page = await file('simulator-statistics.md');
  const { growth, shape, weekdays } = describeTables(locations, 1);
  for (const table of [growth, shape, weekdays]) expect(page).toContain(table);
  expect(locations).toHaveLength(dimensions.locations.length);
});

test('a plot escapes markup in its texts', () => {
  const svg = plotPanels([{ title: 'a<b>&"c"', bars: [1, 2], line: [1, 2], ticks: [] }], '</title>');
  expect(svg).toContain('a&lt;b>&amp;&quot;c&quot;');
  expect(svg.match(/<\/title>/g)).toHaveLength(1);
});
