import type { Clock } from '#lib/clock.ts';
import type { Progress } from '#lib/progress.ts';
import type { Simulation } from './open-location.ts';

type Tools = { clock: Clock; showProgress: (label: string, total: number) => Progress };

/** Shows how far writing has come up to `to` (epoch ms): simulated time, orders, events, events a second of the wall. */
export function showFlush(simulations: Simulation[], to: number, { clock, showProgress }: Tools) {
  const from = Math.min(...simulations.map(({ position }) => position));
  const progress = showProgress('Simulating', Math.max(0, to - from));
  const began = clock.now().getTime();
  const onWindow = (end: number) => {
    const seconds = (clock.now().getTime() - began) / 1000;
    const [orders, events] = [count(simulations, 'orders'), count(simulations, 'events')];
    const rate = seconds > 0 ? `, ${format(Math.round(events / seconds))}/s` : '';
    const time = new Date(end).toISOString().slice(0, 16).replace('T', ' ');
    progress.update(end - from, `${time}  ${format(orders)} orders, ${format(events)} events${rate}`);
  };
  return { onWindow, stop: () => progress.stop() };
}

function count(simulations: Simulation[], what: 'orders' | 'events'): number {
  return simulations.reduce((sum, { written }) => sum + written[what], 0);
}

const format = (value: number) => value.toLocaleString('en');
