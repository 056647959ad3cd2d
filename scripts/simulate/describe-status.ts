import type { SimulatorStatus } from '#lib/simulator/control/request.ts';

/** How a running simulator stands, for people. */
export function describeStatus({ pid, since, mode, clock, locations }: SimulatorStatus): string {
  const speed = clock.speed === 'wall' ? 'in step with the wall' : `at ${clock.speed}×`;
  const how = mode === 'backfill' ? 'backfill' : `live ${speed}${clock.paused ? ', paused' : ''}`;
  const head = `process ${pid} since ${since}: ${how}; simulated time ${clock.at}\n`;
  return head + locations.map(describeLocation).join('');
}

function describeLocation({
  location,
  position,
  orders,
  events,
  files,
}: SimulatorStatus['locations'][number]) {
  const count = (value: number) => value.toLocaleString('en');
  return `  ${location}: complete up to ${position}; ${count(orders)} orders, ${count(events)} events in ${count(files)} files by this run\n`;
}
