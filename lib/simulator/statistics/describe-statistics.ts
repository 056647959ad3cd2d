import type { World } from '../world.ts';
import { type ChiSquare, testShape } from './chi-square.ts';
import { type Panel, plotPanels } from './plot.ts';
import { type OrderSummary, summarizeOrders } from './summarize-orders.ts';
import { type DemandTally, tallyDemand } from './tally-demand.ts';
import { type Story, tellStory } from './tell-story.ts';

/** The statistics of a location over some days. */
export type LocationStatistics = {
  world: World;
  demand: DemandTally;
  shape: ChiSquare;
  story: Story;
};

export function measureLocation(world: World, days: number): LocationStatistics {
  const demand = tallyDemand(world, days);
  return { world, demand, shape: testShape(demand.quarters), story: tellStory(demand.days) };
}

/** Orders per quarter of an hour, generated and planned, as SVG. */
export function plotDemand(locations: LocationStatistics[], days: number): string {
  const panels = locations.map(({ world, demand }): Panel => {
    const opens = Number((world.location.opens_at ?? '00').slice(0, 2));
    const hours = Math.floor(demand.quarters.length / 4);
    return {
      title: `${world.location.name}: orders per quarter of an hour`,
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
export function plotStories(locations: LocationStatistics[]): string {
  const panels = locations.map(
    ({ world, demand }): Panel => ({
      title: `${world.location.name}: orders per day`,
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
    stories: describeStories(locations),
    shape: describeShape(locations),
    weekdays: describeWeekdays(locations),
    orders: describeOrders(locations, days),
  };
}

function describeStories(locations: LocationStatistics[]): string {
  const rows = locations.map(({ world, story }) => {
    const { location_code, narrative, base_orders_day, growth_rate_daily } = world.location;
    const config = `${base_orders_day} a day, ${signed((growth_rate_daily ?? 0) * 100, 2)} % a day`;
    const off = signed(story.created - story.planned, 1);
    return [
      `\`${location_code}\``,
      narrative ?? '',
      config,
      `${signed(story.planned, 1)} %`,
      `${signed(story.created, 1)} %`,
      off,
    ];
  });
  return table(['location', 'story', 'configured', 'planned', 'generated', 'points off'], rows);
}

function describeShape(locations: LocationStatistics[]): string {
  const rows = locations.map(({ world, shape, demand }) => [
    `\`${world.location.location_code}\``,
    String(demand.days.reduce((sum, { created }) => sum + created, 0)),
    shape.chiSquare.toFixed(1),
    String(shape.freedom),
    shape.critical.toFixed(1),
  ]);
  return table(['location', 'orders', 'chi-square', 'degrees of freedom', 'critical at 1 %'], rows);
}

function describeWeekdays(locations: LocationStatistics[]): string {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
  const rows = locations.map(({ world, demand }) => [
    `\`${world.location.location_code}\``,
    ...demand.weekdays.map(({ planned, created }) => (created / planned).toFixed(3)),
  ]);
  return table(['generated / planned', ...names], rows);
}

function describeOrders(locations: LocationStatistics[], days: number): string {
  const rows = locations.map(({ world }) => {
    const summary: OrderSummary = summarizeOrders(world, days);
    const { orders, events, pings, early, usd, minutes, driveMinutes } = summary;
    return [
      ...[`\`${world.location.location_code}\``, String(orders), (events / orders).toFixed(2)],
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
