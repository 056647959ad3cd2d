import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codes, dimensions, makeWorld } from '../world.testing.ts';
import { testShape } from './chi-square.ts';
import { describeTables, type LocationStatistics, plotDemand, plotStories } from './describe-statistics.ts';
import { measureOurs, STATISTICS_DAYS } from './measure-ours.ts';
import { plotPanels } from './plot.ts';
import { summarizeOrders } from './summarize-orders.ts';
import { tallyDemand } from './tally-demand.ts';
import { tellStory } from './tell-story.ts';

const docs = join(import.meta.dirname, '../../../docs');
const measured = measureOurs();
const storyOf = async (code: string) =>
  (await measured).find(({ world }) => world.location.location_code === code)?.story ?? {
    planned: 0,
    created: 0,
  };

test.each([
  ['portland', 49.4],
  ['austin', 129.6],
  ['denver', 0],
  ['pittsburgh', -22],
])(
  '%s tells its story: %f %% more in the last four weeks than in the first, within 5 points',
  async (code, growth) => {
    const { planned, created } = await storyOf(code);
    expect(Math.abs(planned - growth)).toBeLessThan(0.5);
    expect(Math.abs(created - planned)).toBeLessThan(5);
  },
);

test.each(codes)('%s: over 24 seeds the story is not biased', (code) => {
  const stories = Array.from({ length: 24 }, (_, seed) =>
    tellStory(tallyDemand(makeWorld(code, { seed }), 90).days),
  );
  const off = stories.reduce((sum, { planned, created }) => sum + created - planned, 0) / stories.length;
  expect(Math.abs(off)).toBeLessThan(5);
});

test('a changed growth rate is another story', () => {
  const world = makeWorld('denver');
  const faster = { ...world, location: { ...world.location, growth_rate_daily: 0.002 } };
  expect(tellStory(tallyDemand(faster, 90).days).created).toBeGreaterThan(8);
});

test('the shape test finds demand at the wrong hour', async () => {
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

test.each(codes)('%s: weekdays stand to each other as their factors', (code) => {
  const seeds = [1, 2, 3, 4, 5, 6].map((seed) => tallyDemand(makeWorld(code, { seed }), 84).weekdays);
  for (let weekday = 0; weekday < 7; weekday += 1) {
    const created = seeds.reduce((sum, weekdays) => sum + (weekdays[weekday]?.created ?? 0), 0);
    const planned = seeds.reduce((sum, weekdays) => sum + (weekdays[weekday]?.planned ?? 0), 0);
    // 72 days of a noise that is even on ±10 %, and Poisson.
    const sigma = Math.sqrt(0.1 ** 2 / 3 / 72 + 1 / planned);
    expect(Math.abs(created / planned - 1)).toBeLessThan(4 * sigma);
  }
});

test('of all events 46 % are pings, within 3 points: 13 events an order', () => {
  const summaries = codes.map((code) => summarizeOrders(makeWorld(code), 14));
  const sum = (key: 'orders' | 'events' | 'pings' | 'early') =>
    summaries.reduce((total, summary) => total + summary[key], 0);
  expect(Math.abs(sum('pings') / sum('events') - 0.46)).toBeLessThan(0.03);
  expect(Math.abs(sum('early') / sum('orders') - 0.5)).toBeLessThan(3 * Math.sqrt(0.25 / sum('orders')));
  expect(sum('events')).toBe(7 * sum('orders') + sum('pings'));
});

test('the plots and tables of the page are what the model gives', async () => {
  const locations: LocationStatistics[] = await measured;
  const file = (name: string) => readFile(join(docs, name), 'utf8');
  expect(await file('images/simulator-demand.svg')).toBe(plotDemand(locations, STATISTICS_DAYS));
  expect(await file('images/simulator-stories.svg')).toBe(plotStories(locations));
  const page = await file('simulator-statistics.md');
  const { stories, shape, weekdays } = describeTables(locations, 1);
  for (const table of [stories, shape, weekdays]) expect(page).toContain(table);
  expect(locations).toHaveLength(dimensions.locations.length);
});

test('a plot escapes what would end its text', () => {
  const svg = plotPanels([{ title: 'a<b>&"c"', bars: [1, 2], line: [1, 2], ticks: [] }], '</title>');
  expect(svg).toContain('a&lt;b>&amp;&quot;c&quot;');
  expect(svg.match(/<\/title>/g)).toHaveLength(1);
});
