import type { Clock } from '#lib/clock.ts';

import { advance } from './advance.ts';
import type { ControlReply, ControlRequest, SimulatorStatus } from './control/request.ts';
import { createClockKeeper } from './keep-clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { Simulation } from './simulation.ts';

export type SessionPlan = {
  volume: string;
  simulations: Simulation[];
  clock: SimulatedClock;
  wall: Clock;
  live: boolean;
  signal: AbortSignal;
};

/** A run over a volume: it writes what is due, and says and changes how it stands. */
export type Session = {
  /** Writes all that has happened up to the simulated clock. Calls queue up. */
  flush(onWindow?: (end: number) => void): Promise<void>;
  answer(request: ControlRequest): Promise<ControlReply>;
};

export function openSession(plan: SessionPlan): Session {
  const { volume, simulations, clock, wall, live, signal } = plan;
  const since = wall.now().toISOString();
  const locations = simulations.map(({ location }) => location);
  const keepClock = createClockKeeper(volume, locations, wall);
  let queue = Promise.resolve();
  const flush: Session['flush'] = (onWindow) => {
    queue = queue.then(async () => {
      const to = clock.tick();
      await keepClock(clock.read());
      await advance(simulations, volume, to, { signal, onWindow });
    });
    return queue;
  };
  const status = (): SimulatorStatus => ({
    pid: process.pid,
    since,
    mode: live ? 'live' : 'backfill',
    clock: { ...clock.read(), at: new Date(clock.read().at).toISOString() },
    locations: simulations.map(({ location, position, written }) => ({
      location,
      position: new Date(position).toISOString(),
      ...written,
    })),
  });
  const answer: Session['answer'] = async (request) => {
    if (request.ask === 'status') return { status: status() };
    if (!live) return { refused: 'This run ends by itself; only one with --live has a clock to change.' };
    change(clock, request);
    await (request.ask === 'step' ? flush() : keepClock(clock.read()));
    return { status: status() };
  };
  return { flush, answer };
}

function change(clock: SimulatedClock, request: Exclude<ControlRequest, { ask: 'status' }>): void {
  switch (request.ask) {
    case 'pause':
      clock.pause();
      break;
    case 'resume':
      clock.resume();
      break;
    case 'step':
      clock.pause();
      clock.step(request.ms);
      break;
    case 'speed':
      clock.setSpeed(request.speed);
      break;
  }
}
