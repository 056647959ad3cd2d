import type { Clock } from '#lib/clock.ts';
import { messageOf, UsageError } from '#lib/errors.ts';
import type { ScenarioRequest } from '../scenarios/scenario.ts';
import type { LocationRun } from '../writer/location-run.ts';
import { writeEventsUntil } from '../writer/write-windows.ts';
import type { ControlReply, ControlRequest, SimulatorStatus } from './control-protocol.ts';
import { createClockPublisher } from './run-clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';

type SessionParams = {
  volume: string;
  runs: LocationRun[];
  clock: SimulatedClock;
  wallClock: Clock;
  live: boolean;
  signal: AbortSignal;
};

/** A run over a volume: it writes the events that are due, and handles control requests. */
export type Session = {
  /** Writes all events up to the simulated clock. Calls run one after the other. */
  flush(onWindow?: (end: number) => void): Promise<void>;
  handle(request: ControlRequest): Promise<ControlReply>;
};

export function createSession({ volume, runs, clock, wallClock, live, signal }: SessionParams): Session {
  const since = wallClock.now().toISOString();
  const locations = runs.map(({ location }) => location);
  const publishClock = createClockPublisher(volume, locations, wallClock);
  let queue = Promise.resolve();
  const enqueue = (work: () => Promise<void>) => {
    queue = queue.then(work);
    return queue;
  };
  const flush: Session['flush'] = (onWindow) =>
    enqueue(async () => {
      const to = clock.tick();
      await publishClock(clock.read());
      await writeEventsUntil(runs, volume, to, { signal, onWindow });
    });
  /** Carries out a request. @returns the reason where it is refused. */
  const carryOut = async (request: ControlRequest): Promise<string | undefined> => {
    if (request.command === 'status') return undefined;
    if (!live) return 'it is a backfill; only a run with --live can be controlled.';
    let refusal: string | undefined;
    if (request.command === 'scenario')
      await enqueue(async () => {
        refusal = await applyScenario(runs, request.scenario, clock.tick());
      });
    else changeClock(clock, request);
    await (request.command === 'step' ? flush() : publishClock(clock.read()));
    return refusal;
  };
  return {
    flush,
    async handle(request) {
      const refused = await carryOut(request);
      if (refused !== undefined) return { refused };
      const mode = live ? 'live' : 'backfill';
      return { status: { pid: process.pid, since, mode, ...describe(clock, runs) } };
    },
  };
}

function describe(clock: SimulatedClock, runs: LocationRun[]): Pick<SimulatorStatus, 'clock' | 'locations'> {
  const reading = clock.read();
  return {
    clock: { ...reading, at: new Date(reading.at).toISOString() },
    locations: runs.map(({ location, position, written, scenarios }) => ({
      location,
      position: new Date(position).toISOString(),
      ...written,
      scenarios: scenarios.filter(({ start, length_ms }) => Date.parse(start) + length_ms > reading.at),
    })),
  };
}

type ClockRequest = Exclude<ControlRequest, { command: 'status' | 'scenario' }>;

function changeClock(clock: SimulatedClock, request: ClockRequest): void {
  switch (request.command) {
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

/** Applies a scenario that begins at its start, or now. @returns the reason where it is refused. */
async function applyScenario(
  runs: LocationRun[],
  { name, location, start, length_ms }: ScenarioRequest,
  now: number,
): Promise<string | undefined> {
  // The run with the latest position comes first: if the scenario is too late for it, it is applied to none.
  const selected = runs
    .filter((run) => location === 'all' || run.location === location)
    .toSorted((one, other) => other.position - one.position);
  const known = runs.map((run) => run.location).join(', ');
  if (selected.length === 0) return `it does not write ${location}, but ${known}.`;
  const earliest = Math.max(now, ...selected.map(({ position }) => position));
  const scenario = { name, length_ms, start: start ?? new Date(earliest).toISOString() };
  try {
    for (const run of selected) await run.applyScenario(scenario);
    return undefined;
  } catch (error) {
    if (error instanceof UsageError) return messageOf(error);
    throw error;
  }
}
