import { z } from 'zod';
import { UsageError } from '#lib/errors.ts';
import { readStateFile, writeStateFile } from '../storage/state-file.ts';
import { isSameScenario, type Scenario, scenarioSchema } from './scenario.ts';

const fileSchema = z.object({ version: z.literal(1), scenarios: z.array(scenarioSchema) });
const fileName = (location: string) => `${location}.scenarios.json`;

/** The scenarios of a location in a volume. @throws OperatorError where the file is invalid. */
export async function readScenarios(volume: string, location: string): Promise<Scenario[]> {
  const file = await readStateFile(volume, {
    name: fileName(location),
    content: 'a list of scenarios',
    parse: (value) => fileSchema.parse(value),
  });
  return file?.scenarios ?? [];
}

/**
 * Adds scenarios to those of a location, on disk before any event shows them. A scenario that is already there is not
 * added twice.
 * @returns all scenarios of the location.
 * @throws UsageError for one that begins before `position` (epoch ms), because those events are already written.
 */
export async function addScenarios(
  volume: string,
  location: string,
  position: number,
  requested: Scenario[],
): Promise<Scenario[]> {
  const known = await readScenarios(volume, location);
  const added = requested.filter((scenario) => !known.some((each) => isSameScenario(each, scenario)));
  const past = added.find(({ start }) => Date.parse(start) < position);
  if (past)
    throw new UsageError(
      `${past.name} cannot begin at ${past.start}: the events of ${location} are written up to ${new Date(position).toISOString()}.`,
    );
  if (added.length === 0) return known;
  const scenarios = [...known, ...added];
  await writeStateFile(volume, fileName(location), { version: 1, scenarios });
  return scenarios;
}
