import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readDimensions } from '../dimensions/read-dimensions.ts';
import { readLocationConfig } from '../location/location-config.ts';
import { buildLocationModel, type LocationModel } from '../location/location-model.ts';
import {
  type ChiSquare,
  countDemand,
  type DemandCounts,
  measureGrowth,
  type PlannedAndCreated,
  testShape,
} from './demand-statistics.ts';
import { measureOrders } from './order-statistics.ts';
import { type Panel, plotPanels } from './plot-panels.ts';

export const STATISTICS_DAYS = 90;
/** The run that the page describes: `simulate --seed 1`, 90 days from here. */
const RUN = { seed: 1, start: Date.parse('2026-03-03T00:00:00Z') };
const data = join(import.meta.dirname, '../../../data');

/** The demand statistics of a location over some days. */
export type LocationStatistics = {
  model: LocationModel;
  demand: DemandCounts;
  shape: ChiSquare;
  growth: PlannedAndCreated;
};

/** Writes the plots and tables of `simulator-statistics.md` into the documentation directory. */
export async function writeStatisticsPage(docs: string): Promise<void> {
  const locations = await measureLocations();
  await writeFile(join(docs, 'images/simulator-demand.svg'), plotDemand(locations, STATISTICS_DAYS));
  await writeFile(join(docs, 'images/simulator-growth.svg'), plotGrowth(locations));
  const path = join(docs, 'simulator-statistics.md');
  const tables = Object.entries(describeTables(locations, STATISTICS_DAYS));
  await writeFile(path, tables.reduce(replaceSection, await readFile(path, 'utf8')));
}

/** Replaces the text between the marks `<!-- name -->` and `<!-- /name -->`. */
function replaceSection(page: string, [name, text]: [string, string]): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) throw new Error(`the page has no section ${name}`);
  return `${before}${begin}\n${text}\n${end}${after}`;
}

/** Measures the locations in `data/` over the days of the page, with their synthetic roads. */
export async function measureLocations(): Promise<LocationStatistics[]> {
  const dimensions = await readDimensions(join(data, 'dimensional'));
  return dimensions.locations.map((location) => {
    const config = readLocationConfig(join(data, 'locations'), location);
    const model = buildLocationModel({ ...RUN, location, config, dimensions });
    const demand = countDemand(model, STATISTICS_DAYS);
    return { model, demand, shape: testShape(demand.quarters), growth: measureGrowth(demand.days) };
  });
}

/** Orders per quarter of an hour, generated and planned, as SVG. */
export function plotDemand(locations: LocationStatistics[], days: number): string {
  const panels = locations.map(({ model, demand }): Panel => {
    const opens = Number((model.location.opens_at ?? '00').slice(0, 2));
    const hours = Math.floor(demand.quarters.length / 4);
    return {
      title: `${model.location.name}: orders per quarter of an hour`,
      bars: demand.quarters.map(({ created }) => created / days),
      line: demand.quarters.map(({ planned }) => planned / days),
      ticks: Array.from({ length: Math.floor(hours / 3) + 1 }, (_, index) => ({
        at: 12 * index,
        label: `${(opens + 3 * index) % 24}:00`,
      })),
    };
  });
  return plotPanels(
    panels,
    'Orders per quarter of an hour of local time: bars as generated, the line as planned',
  );
}

/** Orders per day, generated and planned, as SVG. */
export function plotGrowth(locations: LocationStatistics[]): string {
  const panels = locations.map(
    ({ model, demand }): Panel => ({
      title: `${model.location.name}: orders per day`,
      bars: demand.days.map(({ created }) => created),
      line: demand.days.map(({ planned }) => planned),
      ticks: [0, 30, 60, 89].map((at) => ({ at, label: `day ${at}` })),
    }),
  );
  return plotPanels(
    panels,
    'Orders per day over 90 days: bars as generated, the line as planned before noise',
  );
}

/** The tables of the statistics page, as Markdown. */
export function describeTables(locations: LocationStatistics[], days: number): Record<string, string> {
  return {
    growth: describeGrowth(locations),
    shape: describeShape(locations),
    weekdays: describeWeekdays(locations),
    orders: describeOrders(locations, days),
  };
}

function describeGrowth(locations: LocationStatistics[]): string {
  const rows = locations.map(({ model, growth }) => {
    const { location_code, narrative, base_orders_day, growth_rate_daily } = model.location;
    const config = `${base_orders_day} a day, ${signed((growth_rate_daily ?? 0) * 100, 2)} % a day`;
    const off = signed(growth.created - growth.planned, 1);
    return [
      `\`${location_code}\``,
      narrative ?? '',
      config,
      `${signed(growth.planned, 1)} %`,
      `${signed(growth.created, 1)} %`,
      off,
    ];
  });
  return table(['location', 'trend', 'configured', 'planned', 'generated', 'points off'], rows);
}

function describeShape(locations: LocationStatistics[]): string {
  const rows = locations.map(({ model, shape, demand }) => [
    `\`${model.location.location_code}\``,
    String(demand.days.reduce((sum, { created }) => sum + created, 0)),
    shape.chiSquare.toFixed(1),
    String(shape.freedom),
    shape.critical.toFixed(1),
  ]);
  return table(['location', 'orders', 'chi-square', 'degrees of freedom', 'critical at 1 %'], rows);
}

function describeWeekdays(locations: LocationStatistics[]): string {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const rows = locations.map(({ model, demand }) => [
    `\`${model.location.location_code}\``,
    ...demand.weekdays.map(({ planned, created }) => (created / planned).toFixed(3)),
  ]);
  return table(['generated / planned', ...names], rows);
}

function describeOrders(locations: LocationStatistics[], days: number): string {
  const rows = locations.map(({ model }) => {
    const { orders, events, pings, early, usd, minutes, driveMinutes } = measureOrders(model, days);
    return [
      ...[`\`${model.location.location_code}\``, String(orders), (events / orders).toFixed(2)],
      ...[percent(pings / events), percent(early / orders), usd.toFixed(2), driveMinutes.toFixed(1)],
      ...[minutes.p50, minutes.p75, minutes.p95, minutes.p99].map((value) => value.toFixed(1)),
    ];
  });
  const head = [
    'location',
    'orders',
    'events an order',
    'pings',
    'driver early',
    'USD an order',
    'drive, min',
  ];
  return table([...head, 'p50', 'p75', 'p95', 'p99'], rows);
}

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const signed = (value: number, digits: number) =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(digits)}`;
