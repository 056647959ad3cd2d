import { type Clock, sleep } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import { type Progress, type StatusLine, silentStatusLine } from '#lib/progress.ts';
import { prepareDirectory } from '#lib/volume/index.ts';
import type { LocationRun, WriteCounts } from '../writer/location-run.ts';
import { openRunClock } from './run-clock.ts';
import { createSession, type Session } from './session.ts';
import type { SimulatedClock, Speed } from './simulated-clock.ts';
import { lockVolume, type RequestHandler } from './volume-lock.ts';

/** How a run moves through time. */
export type TimeOptions = {
  /** Continue with the clock until stopped, writing every `flushSeconds`. */
  live: boolean;
  flushSeconds: number;
  /** The end of a run that is not live, instead of now. */
  until?: Date | undefined;
  /** The simulated time at the start of a live run, instead of the current or the last published time. */
  now?: Date | undefined;
  speed?: Speed | undefined;
};

export type SimulateTools = {
  /** The wall clock. */
  clock: Clock;
  signal: AbortSignal;
  say: (text: string) => void;
  showProgress: (label: string, total: number) => Progress;
  /** Shows the state of a live run. */
  statusLine?: StatusLine;
};

type RunOverVolumeParams = TimeOptions & {
  volume: string;
  locations: string[];
  /** Opens the locations. It is called once all of them are locked. */
  open: (now: Date) => Promise<LocationRun[]>;
};

/** What a run wrote for one location. All events up to `position` are on disk. */
export type SimulateReport = WriteCounts & {
  location: string;
  seed: number;
  continued: boolean;
  position: string;
};

/** Locks the locations of a run, opens them, writes their events up to the clock and, if live, continues with it. */
export async function runOverVolume(
  params: RunOverVolumeParams,
  tools: SimulateTools,
): Promise<SimulateReport[]> {
  const { volume, locations, live } = params;
  let session: Session | undefined;
  const handler: RequestHandler = async (request) =>
    session?.handle(request) ?? { refused: 'It is still starting.' };
  const releases: (() => Promise<void>)[] = [];
  await prepareDirectory(volume);
  try {
    for (const location of locations) releases.push(await lockVolume(volume, location, handler));
    const clock = await openRunClock(params, tools.clock);
    const runs = await params.open(new Date(live ? clock.read().at : clock.tick()));
    refuseGoingBack(runs, params);
    for (const run of runs) tools.say(describeStart(run));
    session = createSession({ volume, runs, clock, wallClock: tools.clock, live, signal: tools.signal });
    await catchUp(session, runs, clock, tools);
    if (live) await followClock(session, runs, { clock, flushSeconds: params.flushSeconds, tools });
    return runs.map(toReport);
  } finally {
    await Promise.all(releases.map((release) => release()));
  }
}

function refuseGoingBack(runs: LocationRun[], { now }: TimeOptions): void {
  const written = new Date(Math.max(...runs.map(({ position }) => position)));
  if (now && now < written)
    throw new UsageError(
      `--now ${now.toISOString()} is in the past: events up to ${written.toISOString()} are already written.`,
    );
}

/** Writes the events between the end of the files and the clock, with a progress bar. */
async function catchUp(
  session: Session,
  runs: LocationRun[],
  clock: SimulatedClock,
  tools: SimulateTools,
): Promise<void> {
  const from = Math.min(...runs.map(({ position }) => position));
  const progress = tools.showProgress('Simulating', Math.max(0, clock.tick() - from));
  const describe = createMeter(runs, tools.clock);
  const onWindow = (end: number) => progress.update(end - from, describe(end));
  await session.flush(onWindow).finally(() => progress.stop());
}

/** Writes events every `flushSeconds` until the signal aborts. */
async function followClock(
  session: Session,
  runs: LocationRun[],
  { clock, flushSeconds, tools }: { clock: SimulatedClock; flushSeconds: number; tools: SimulateTools },
): Promise<void> {
  const { signal, say, statusLine = silentStatusLine } = tools;
  if (signal.aborted) return;
  say(`Live: writing events as they happen, until stopped. ${describeClock(clock)}`);
  const describe = createMeter(runs, tools.clock);
  while (!signal.aborted) {
    await sleep(flushSeconds * 1000, signal);
    await session.flush();
    statusLine.update(describe(clock.read().at));
  }
  statusLine.stop();
}

/** Creates a function that describes the progress of runs at a simulated instant, with the events per real second. */
function createMeter(runs: LocationRun[], wallClock: Clock): (at: number) => string {
  const began = wallClock.now().getTime();
  const count = (what: 'orders' | 'events') => runs.reduce((sum, { written }) => sum + written[what], 0);
  const eventsBefore = count('events');
  return (at) => {
    const seconds = (wallClock.now().getTime() - began) / 1000;
    const [orders, events] = [count('orders'), count('events')];
    const rate = seconds > 0 ? `, ${format(Math.round((events - eventsBefore) / seconds))}/s` : '';
    const time = new Date(at).toISOString().slice(0, 16).replace('T', ' ');
    return `${time}  ${format(orders)} orders, ${format(events)} events${rate}`;
  };
}

const format = (value: number) => value.toLocaleString('en');

function toReport({ location, seed, continued, written, position }: LocationRun): SimulateReport {
  return { location, seed, continued, ...written, position: new Date(position).toISOString() };
}

function describeStart({ location, description, continued, position }: LocationRun): string {
  const instant = new Date(position).toISOString();
  return `${location} ${continued ? 'continues' : 'begins'} at ${instant} (${description}).`;
}

function describeClock(clock: SimulatedClock): string {
  const { at, speed, paused } = clock.read();
  const instant = new Date(at).toISOString();
  if (paused) return `The clock is paused at ${instant}. \`simulate resume\` continues it.`;
  return speed === 'wall' ? '' : `The clock continues from ${instant} at ${speed}×.`;
}
