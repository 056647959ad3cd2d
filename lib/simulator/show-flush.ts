import type { Clock } from '#lib/clock.ts';
import type { Progress } from '#lib/progress.ts';
import type { Simulation } from './open-location.ts';

type Tools = { clock: Clock; showProgress: (label: string, total: number) => Progress };

/** Shows how far writing has come up to `to` (epoch ms): simulated time, orders, events, events a second of the wall. */
export function showFlush(simulations: Simulation[], to: number, { clock, showProgress }: Tools) {
  const from = Math.min(...simulations.map(({ position }) => position));
  const progress = showProgress('Simulating', Math.max(0, to - from));
  const describe = openMeter(simulations, clock);
  const onWindow = (end: number) => progress.update(end - from, describe(end));
  return { onWindow, stop: () => progress.stop() };
}

/** Says how simulations stand at an instant of simulated time, with their rate since the meter was opened. */
export function openMeter(simulations: Simulation[], clock: Clock): (at: number) => string {
  const began = clock.now().getTime();
  const before = count(simulations, 'events');
  return (at) => {
    const seconds = (clock.now().getTime() - began) / 1000;
    const [orders, events] = [count(simulations, 'orders'), count(simulations, 'events')];
    const rate = seconds > 0 ? `, ${format(Math.round((events - before) / seconds))}/s` : '';
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
    return `${time}  ${format(orders)} orders, ${format(events)} events${rate}`;
  };
}

function count(simulations: Simulation[], what: 'orders' | 'events'): number {
  return simulations.reduce((sum, { written }) => sum + written[what], 0);
}

const format = (value: number) => value.toLocaleString('en');
