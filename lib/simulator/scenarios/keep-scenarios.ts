import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError, UsageError } from '#lib/errors.ts';
import { stateDirectory, writeFileAtomically } from '#lib/volume/index.ts';
import { isSameScenario, type Scenario, scenarioSchema } from './scenario.ts';

const fileSchema = z.object({ version: z.literal(1), scenarios: z.array(scenarioSchema) });
const fileName = (location: string) => `${location}.scenarios.json`;

/** The scenarios of a location in a volume. @throws OperatorError for a broken file. */
export async function readScenarios(volume: string, location: string): Promise<Scenario[]> {
  const path = join(stateDirectory(volume), fileName(location));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text === undefined) return [];
  try {
    return fileSchema.parse(JSON.parse(text)).scenarios;
  } catch (error) {
    const advice = 'Restore it, or choose another --volume';
    throw new OperatorError(`${path} does not hold scenarios: ${messageOf(error)}. ${advice}.`, {
      cause: error,
    });
  }
}

/**
 * Adds scenarios to those of a location; they are on disk before anything of them is. One that is there already is the
 * same. @throws UsageError for one that begins before `position` (epoch ms), whose events are written.
 */
export async function addScenarios(
  volume: string,
  location: string,
  position: number,
  wanted: Scenario[],
): Promise<Scenario[]> {
  const kept = await readScenarios(volume, location);
  const added = wanted.filter((scenario) => !kept.some((each) => isSameScenario(each, scenario)));
  const past = added.find(({ start }) => Date.parse(start) < position);
  if (past)
    throw new UsageError(
      `${past.name} cannot begin at ${past.start}: the events of ${location} are written up to ${new Date(position).toISOString()}.`,
    );
  if (added.length === 0) return kept;
  const scenarios = [...kept, ...added];
  const text = `${JSON.stringify({ version: 1, scenarios }, null, 2)}\n`;
  await writeFileAtomically(stateDirectory(volume), fileName(location), text);
  return scenarios;
}
