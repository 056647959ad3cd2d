import { type Clock, sleep } from '#lib/clock.ts';
import { UsageError } from '#lib/errors.ts';
import { type Progress, type StatusLine, silentStatusLine } from '#lib/progress.ts';
import { prepareDirectory } from '#lib/volume/index.ts';
import { type Answer, holdVolume } from './control/hold-volume.ts';
import type { Simulation, Written } from './open-location.ts';
import { openSession, type Session } from './session.ts';
import { openMeter, showFlush } from './show-flush.ts';
import type { SimulatedClock, Speed } from './simulated-clock.ts';
import { startClock } from './start-clock.ts';

/** How a run goes through time. */
export type TimeOptions = {
  /** Go on with the clock until stopped, writing every `flushSeconds`. */
  live: boolean;
  flushSeconds: number;
  /** Where a run that is not live ends, instead of now. */
  until?: Date | undefined;
  /** What the simulated clock shows at the start of a live run, instead of the wall's time or where it stood. */
  now?: Date | undefined;
  speed?: Speed | undefined;
};

export type SimulateTools = {
  /** The wall clock. */
  clock: Clock;
  signal: AbortSignal;
  say: (text: string) => void;
  showProgress: (label: string, total: number) => Progress;
  /** How a live run stands; it has no end to be near to. */
  statusLine?: StatusLine;
};

/** What a run writes: locations of a volume; `open` is called once all of them are held. */
export type RunPlan = TimeOptions & {
  volume: string;
  locations: string[];
  open: (now: Date) => Promise<Simulation[]>;
};

/** What a run wrote of one location; `position` is the instant up to which its events are on disk. */
export type SimulateReport = Written & {
  location: string;
  seed: number;
  continued: boolean;
  position: string;
};

/** Holds the locations of a run, opens them, writes them up to the clock and, live, goes on with it. */
export async function runOverVolume(plan: RunPlan, tools: SimulateTools): Promise<SimulateReport[]> {
  let session: Session | undefined;
  const answer: Answer = async (request) => session?.answer(request) ?? { refused: 'It is still starting.' };
  const releases: (() => Promise<void>)[] = [];
  await prepareDirectory(plan.volume);
  try {
    for (const location of plan.locations) releases.push(await holdVolume(plan.volume, location, answer));
    const clock = await startClock(plan, tools.clock);
    const simulations = await plan.open(new Date(plan.live ? clock.read().at : clock.tick()));
    refuseGoingBack(simulations, plan);
    for (const simulation of simulations) tools.say(describeStart(simulation));
    session = openSession({ ...plan, simulations, clock, wall: tools.clock, signal: tools.signal });
    await follow(session, simulations, clock, plan, tools);
    return simulations.map(report);
  } finally {
    await Promise.all(releases.map((release) => release()));
  }
}

function refuseGoingBack(simulations: Simulation[], { now }: TimeOptions): void {
  const written = new Date(Math.max(...simulations.map(({ position }) => position)));
  if (now && now < written)
    throw new UsageError(
      `--now ${now.toISOString()} is past: events up to ${written.toISOString()} are written already.`,
    );
}

/** First what lies between the files' end and the clock, with its progress; then, live, what comes. */
async function follow(
  session: Session,
  simulations: Simulation[],
  clock: SimulatedClock,
  { live, flushSeconds }: TimeOptions,
  tools: SimulateTools,
): Promise<void> {
  const { signal, say } = tools;
  const shown = showFlush(simulations, clock.tick(), tools);
  await session.flush(shown.onWindow).finally(shown.stop);
  if (live && !signal.aborted) say(`Live: writing what happens, until stopped. ${describeClock(clock)}`);
  const line = tools.statusLine ?? silentStatusLine;
  const describe = openMeter(simulations, tools.clock);
  while (live && !signal.aborted) {
    await sleep(flushSeconds * 1000, signal);
    await session.flush();
    line.update(describe(clock.read().at));
  }
  line.stop();
}

function report({ location, seed, continued, written, position }: Simulation): SimulateReport {
  return { location, seed, continued, ...written, position: new Date(position).toISOString() };
}

function describeStart({ location, origin, continued, position }: Simulation): string {
  const instant = new Date(position).toISOString();
  return continued
    ? `${location} continues at ${instant} (${origin}).`
    : `${location} begins at ${instant} (${origin}).`;
}

function describeClock(clock: SimulatedClock): string {
  const { at, speed, paused } = clock.read();
  const instant = new Date(at).toISOString();
  if (paused) return `The clock stands at ${instant}: it was paused. \`simulate resume\` lets it go on.`;
  return speed === 'wall' ? '' : `The clock goes on from ${instant} at ${speed}×.`;
}
