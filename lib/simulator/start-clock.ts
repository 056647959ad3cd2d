import type { Clock } from '#lib/clock.ts';
import { readVolumeClock, type VolumeClock } from '#lib/volume/index.ts';
import {
  type ClockReading,
  createSimulatedClock,
  type SimulatedClock,
  type Speed,
} from './simulated-clock.ts';

export type ClockPlan = {
  volume: string;
  locations: string[];
  /** Whether the clock goes on moving; else it stands at `until`, or at what time it is now. */
  live: boolean;
  until?: Date | undefined;
  /** What the clock shows at the start, instead of the wall's time or where it stood. */
  now?: Date | undefined;
  speed?: Speed | undefined;
  flushSeconds: number;
};

/**
 * The clock of a run: with the wall, or from where the last run at a speed of its own left it, as time stood still while
 * none ran. What is asked for anew starts running.
 */
export async function startClock(plan: ClockPlan, wall: Clock): Promise<SimulatedClock> {
  const kept = await readKept(plan);
  const there = wall.now().getTime();
  const stood = kept ? Date.parse(kept.at) : there;
  if (!plan.live) {
    const to = plan.until?.getTime() ?? Math.max(stood, there);
    const at = kept ? Math.max(stood, to) : to;
    return stand(to, { at, speed: kept?.speed ?? 'wall', paused: kept?.paused ?? false });
  }
  const speed = plan.speed ?? (plan.now ? 1 : (kept?.speed ?? 'wall'));
  const paused = !plan.now && !plan.speed && (kept?.paused ?? false);
  const at = speed === 'wall' && !paused ? Math.max(stood, there) : stood;
  const longestMs = Math.max(2_000, plan.flushSeconds * 2_000);
  return createSimulatedClock({ at: plan.now?.getTime() ?? at, speed, paused }, wall, longestMs);
}

/** A clock that stands, for a run that ends by itself; it leaves `reading` to the next one. */
function stand(to: number, reading: ClockReading): SimulatedClock {
  const refuse = () => {
    throw new Error('a clock that stands cannot be changed');
  };
  const read = () => reading;
  return { read, tick: () => to, pause: refuse, resume: refuse, step: refuse, setSpeed: refuse };
}

/** The locations of one run move together, so the furthest is where all of them stood. */
async function readKept({ volume, locations }: ClockPlan): Promise<VolumeClock | undefined> {
  const clocks = await Promise.all(locations.map((location) => readVolumeClock(volume, location)));
  return clocks
    .filter((clock) => clock !== undefined)
    .reduce<VolumeClock | undefined>((one, other) => (one && one.at > other.at ? one : other), undefined);
}
