import { z } from 'zod';
import { UsageError } from '#lib/errors.ts';

/** The kinds of scenario, with what each does to a location while it lasts. */
export const scenarioKinds = {
  'kitchen-outage':
    'the kitchen stops: no order is started, finished or made ready; new orders still come in',
  'driver-strike': 'no driver arrives or picks up; drivers on the road still deliver',
  storm: 'demand rises, and drives take nearly twice as long',
  'duplicate-storm': 'every event is sent again, one to three times',
} as const;
export type ScenarioName = keyof typeof scenarioKinds;
const names = Object.keys(scenarioKinds) as [ScenarioName, ...ScenarioName[]];

const MAX_LENGTH_MS = 12 * 3_600_000;

const startsAt = z.iso.datetime();
const lengthMs = z
  .int()
  .min(60_000, 'must last at least a minute')
  .max(MAX_LENGTH_MS, 'must last at most 12 hours');

/** A scenario in simulated time: it lasts from `start` to `start` + `length_ms`, the end excluded. */
export const scenarioSchema = z.strictObject({ name: z.enum(names), start: startsAt, length_ms: lengthMs });
export type Scenario = z.infer<typeof scenarioSchema>;

/** A requested scenario: without `start` it begins now. `location` is a code, or all. */
export const scenarioRequestSchema = z.strictObject({
  name: z.enum(names, `must be one of ${names.join(', ')}`),
  location: z.string(),
  start: startsAt.optional(),
  length_ms: lengthMs,
});
export type ScenarioRequest = z.infer<typeof scenarioRequestSchema>;

export function isSameScenario(one: Scenario, other: Scenario): boolean {
  return one.name === other.name && one.start === other.start && one.length_ms === other.length_ms;
}

/**
 * The requested scenarios of each location of a run.
 * @throws UsageError for a location that is not part of the run, or where the start is missing.
 */
export function assignScenarios(
  requests: ScenarioRequest[],
  locations: string[],
): (location: string) => Scenario[] {
  const unknown = requests.find(({ location }) => location !== 'all' && !locations.includes(location));
  if (unknown)
    throw new UsageError(
      `${unknown.name} is for ${unknown.location}, but this run has ${locations.join(', ')}. Name one of those, or all.`,
    );
  return (code) =>
    requests
      .filter(({ location }) => location === code || location === 'all')
      .map(({ name, start, length_ms }) => {
        if (start === undefined) throw new UsageError(`${name} needs a start.`);
        return { name, start, length_ms };
      });
}
