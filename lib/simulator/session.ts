import type { Clock } from '#lib/clock.ts';
import { messageOf, UsageError } from '#lib/errors.ts';
import { advance } from './advance.ts';
import type { ControlReply, ControlRequest, SimulatorStatus } from './control/request.ts';
import { createClockKeeper } from './keep-clock.ts';
import type { Simulation } from './open-location.ts';
import type { ScenarioWish } from './scenarios/scenario.ts';
import type { SimulatedClock } from './simulated-clock.ts';

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
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work);
    return queue;
  };
  const flush: Session['flush'] = (onWindow) =>
    enqueue(async () => {
      const to = clock.tick();
      await keepClock(clock.read());
      await advance(simulations, volume, to, { signal, onWindow });
    });
  const change = async (request: Exclude<ControlRequest, { ask: 'status' }>): Promise<string | undefined> => {
    let refusal: string | undefined;
    if (request.ask === 'scenario')
      await enqueue(async () => {
        refusal = await disturb(simulations, request.wish, clock.tick());
      });
    else turn(clock, request);
    await (request.ask === 'step' ? flush() : keepClock(clock.read()));
    return refusal;
  };
  const answer: Session['answer'] = async (request) => {
    if (request.ask !== 'status' && !live)
      return { refused: 'it ends by itself; only a run with --live has a clock to change.' };
    const refusal = request.ask === 'status' ? undefined : await change(request);
    if (refusal !== undefined) return { refused: refusal };
    return {
      status: { pid: process.pid, since, mode: live ? 'live' : 'backfill', ...describe(clock, simulations) },
    };
  };
  return { flush, answer };
}

function describe(
  clock: SimulatedClock,
  simulations: Simulation[],
): Pick<SimulatorStatus, 'clock' | 'locations'> {
  const reading = clock.read();
  return {
    clock: { ...reading, at: new Date(reading.at).toISOString() },
    locations: simulations.map(({ location, position, written, scenarios }) => ({
      location,
      position: new Date(position).toISOString(),
      ...written,
      scenarios: scenarios.filter(({ start, length_ms }) => Date.parse(start) + length_ms > reading.at),
    })),
  };
}

type Turn = Exclude<ControlRequest, { ask: 'status' | 'scenario' }>;

function turn(clock: SimulatedClock, request: Turn): void {
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

/** Lets a scenario begin at its start, or now. @returns why it cannot. */
async function disturb(
  simulations: Simulation[],
  { name, location, start, length_ms }: ScenarioWish,
  now: number,
): Promise<string | undefined> {
  // Who is furthest comes first: where it is too late for one, it happens to none.
  const meant = simulations
    .filter((each) => location === 'all' || each.location === location)
    .toSorted((one, other) => other.position - one.position);
  const known = simulations.map((each) => each.location).join(', ');
  if (meant.length === 0) return `it does not write ${location}, but ${known}.`;
  const earliest = Math.max(now, ...meant.map(({ position }) => position));
  const scenario = { name, length_ms, start: start ?? new Date(earliest).toISOString() };
  try {
    for (const simulation of meant) await simulation.disturb(scenario);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return messageOf(error);
    throw error;
  }
}
