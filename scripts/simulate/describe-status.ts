import type { SimulatorStatus } from '#lib/simulator/index.ts';

/** How a running simulator stands at `now`, for people. */
export function describeStatus({ pid, since, mode, clock, locations }: SimulatorStatus, now: Date): string {
  const isAhead = Date.parse(clock.at) > now.getTime() + 60_000;
  const wall = isAhead ? 'waiting for the wall' : 'in step with the wall';
  const speed = clock.speed === 'wall' ? wall : `at ${clock.speed}×`;
  const how = mode === 'backfill' ? 'backfill' : `live ${speed}${clock.paused ? ', paused' : ''}`;
  const head = `process ${pid} since ${since}: ${how}; simulated time ${clock.at}\n`;
  return head + locations.map(describeLocation).join('');
}

/** What a volume holds that nobody writes into. */
export function describeIdle(volume: string, positions: { location: string; position: string }[]): string {
  const lines = positions.map(({ location, position }) => `  ${location}: complete up to ${position}\n`);
  return `No simulator is running on ${volume}.\n${lines.join('')}`;
}

function describeLocation(state: SimulatorStatus['locations'][number]): string {
  const { location, position, orders, events, files, scenarios } = state;
  const written = `${count(orders)} orders, ${count(events)} events in ${count(files)} files by this run`;
  const happening = scenarios.map(
    ({ name, start, length_ms }) => `    ${name} from ${start} for ${length_ms / 60_000} minutes\n`,
  );
  return [`  ${location}: complete up to ${position}; ${written}\n`, ...happening].join('');
}

const count = (value: number) => value.toLocaleString('en');
