import type { Clock } from '#lib/clock.ts';
import { readVolumeClock, type VolumeClock, writeVolumeClock } from '#lib/volume/index.ts';
import {
  type ClockReading,
  createSimulatedClock,
  type SimulatedClock,
  type Speed,
} from './simulated-clock.ts';

type RunClockParams = {
  volume: string;
  locations: string[];
  /** Whether the clock keeps moving; else it stays at `until`, at `now`, or at the current time. */
  live: boolean;
  until?: Date | undefined;
  /** The simulated time, instead of the current or the last published one: where a live run starts, and another ends. */
  now?: Date | undefined;
  speed?: Speed | undefined;
  flushSeconds: number;
};

/**
 * Opens the clock of a run. It follows the wall clock, or continues from where the last run at another speed left it,
 * because simulated time does not pass between runs. A speed or time given on the command line ends a pause.
 */
export async function openRunClock(params: RunClockParams, wallClock: Clock): Promise<SimulatedClock> {
  const { live, now, until = now, flushSeconds } = params;
  const published = await readPublishedClock(params);
  const wallTime = wallClock.now().getTime();
  const lastTime = published ? Date.parse(published.at) : wallTime;
  if (!live) {
    const to = until?.getTime() ?? Math.max(lastTime, wallTime);
    const at = published ? Math.max(lastTime, to) : to;
    return createStoppedClock(to, {
      at,
      speed: published?.speed ?? 'wall',
      paused: published?.paused ?? false,
    });
  }
  const speed = params.speed ?? (now ? 1 : (published?.speed ?? 'wall'));
  const paused = !now && !params.speed && (published?.paused ?? false);
  const at = speed === 'wall' && !paused ? Math.max(lastTime, wallTime) : lastTime;
  const maxTickMs = Math.max(2_000, flushSeconds * 2_000);
  return createSimulatedClock({ at: now?.getTime() ?? at, speed, paused }, wallClock, maxTickMs);
}

/** A clock that does not move, for a run that ends by itself. `reading` is what it publishes for the next run. */
function createStoppedClock(to: number, reading: ClockReading): SimulatedClock {
  const refuse = () => {
    throw new Error('a stopped clock cannot be changed');
  };
  const read = () => reading;
  return { read, tick: () => to, pause: refuse, resume: refuse, step: refuse, setSpeed: refuse };
}

/** The locations of one run advance together, so the latest clock is that of all of them. */
async function readPublishedClock({ volume, locations }: RunClockParams): Promise<VolumeClock | undefined> {
  const clocks = await Promise.all(locations.map((location) => readVolumeClock(volume, location)));
  return clocks
    .filter((clock) => clock !== undefined)
    .reduce<VolumeClock | undefined>((one, other) => (one && one.at > other.at ? one : other), undefined);
}

/**
 * Creates a function that publishes the clock of a run beside its volume, before any event up to that time is written.
 * A clock that follows the wall clock is not published. Calls run one after the other.
 */
export function createClockPublisher(volume: string, locations: string[], wallClock: Clock) {
  let published: string | undefined;
  let queue = Promise.resolve();
  const publish = async ({ at, speed, paused }: ClockReading): Promise<void> => {
    const followsWallClock = speed === 'wall' && !paused && at <= wallClock.now().getTime();
    const clock = followsWallClock ? undefined : { at: new Date(at).toISOString(), speed, paused };
    const text = JSON.stringify(clock ?? null);
    if (text === published) return;
    for (const location of locations) await writeVolumeClock(volume, location, clock);
    published = text;
  };
  return (reading: ClockReading): Promise<void> => {
    queue = queue.then(() => publish(reading));
    return queue;
  };
}
