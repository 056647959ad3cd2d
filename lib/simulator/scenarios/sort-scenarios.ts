import { UsageError } from '#lib/errors.ts';
import type { Scenario, ScenarioWish } from './scenario.ts';

/**
 * Scenarios by the location that they are for.
 * @throws UsageError for a location that the run does not have, or where the start is missing.
 */
export function sortScenarios(wishes: ScenarioWish[], locations: string[]): (location: string) => Scenario[] {
  const stray = wishes.find(({ location }) => location !== 'all' && !locations.includes(location));
  if (stray)
    throw new UsageError(
      `${stray.name} is for ${stray.location}, but this run has ${locations.join(', ')}. Name one of those, or all.`,
    );
  return (code) =>
    wishes
      .filter(({ location }) => location === code || location === 'all')
      .map(({ name, start, length_ms }) => {
        if (start === undefined) throw new UsageError(`${name} needs a start.`);
        return { name, start, length_ms };
      });
}
