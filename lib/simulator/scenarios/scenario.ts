import { z } from 'zod';

/** What can happen to a location for a while. */
export const scenarioNames = {
  'kitchen-outage': 'the kitchen stands still: nothing is started, finished or made ready; orders still come',
  'driver-strike': 'no driver comes or picks up; those on their way deliver',
  storm: 'more people order in, and drives take nearly twice as long',
  'duplicate-storm': 'every event comes again, once to three times',
} as const;
export type ScenarioName = keyof typeof scenarioNames;
const names = Object.keys(scenarioNames) as [ScenarioName, ...ScenarioName[]];

const LONGEST_MS = 12 * 3_600_000;
/** In a storm: how many more order, and how much longer a drive takes. */
export const STORM = { demand: 1.6, drive: 1.8 };

const startsAt = z.iso.datetime();
const lengthMs = z
  .int()
  .min(60_000, 'must last a minute at least')
  .max(LONGEST_MS, 'must last 12 hours at most');

/** A scenario with its time, in simulated time; it holds from `start` up to `start` + `length_ms`, not included. */
export const scenarioSchema = z.strictObject({ name: z.enum(names), start: startsAt, length_ms: lengthMs });
export type Scenario = z.infer<typeof scenarioSchema>;

/** A scenario as it is asked for: without `start` it begins now. `location` is a code, or all. */
export const wishSchema = z.strictObject({
  name: z.enum(names, `must be one of ${names.join(', ')}`),
  location: z.string(),
  start: startsAt.optional(),
  length_ms: lengthMs,
});
export type ScenarioWish = z.infer<typeof wishSchema>;

export function isSameScenario(one: Scenario, other: Scenario): boolean {
  return one.name === other.name && one.start === other.start && one.length_ms === other.length_ms;
}
