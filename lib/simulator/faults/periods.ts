import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { stateDirectory, writeFileAtomically } from '#lib/volume/index.ts';
import { type FaultKind, type FaultRates, faultKinds } from './kinds.ts';

const kinds = Object.keys(faultKinds) as [FaultKind, ...FaultKind[]];
const periodsSchema = z.object({
  version: z.literal(1),
  periods: z.array(
    z.object({
      since: z.iso.datetime(),
      rates: z.partialRecord(z.enum(kinds), z.number().min(0).max(1)),
    }),
  ),
});

/** The rates for events after `since` (epoch ms), until the next period begins. */
export type FaultPeriod = { since: number; rates: FaultRates };

/**
 * The fault rates over a location's time, with those that hold from `position` on; they are kept beside the volume, as an
 * event that is held back must still come after a restart with other rates.
 */
export async function continuePeriods(
  volume: string,
  location: string,
  position: number,
  rates: FaultRates,
): Promise<FaultPeriod[]> {
  const kept = await readPeriods(volume, location);
  const last = kept.at(-1);
  if (JSON.stringify(last?.rates ?? {}) === JSON.stringify(sorted(rates))) return kept;
  const earlier = kept.filter(({ since }) => since < position);
  const periods = [...earlier, { since: position, rates: sorted(rates) }];
  const content = periods.map((period) => ({ ...period, since: new Date(period.since).toISOString() }));
  const text = `${JSON.stringify({ version: 1, periods: content }, null, 2)}\n`;
  await writeFileAtomically(stateDirectory(volume), fileName(location), text);
  return periods;
}

/** The rates for an event at an instant (epoch ms). */
export function ratesAt(periods: FaultPeriod[], at: number): FaultRates {
  return periods.findLast(({ since }) => since < at)?.rates ?? {};
}

async function readPeriods(volume: string, location: string): Promise<FaultPeriod[]> {
  const path = join(stateDirectory(volume), fileName(location));
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new OperatorError(`${path} cannot be read: ${error.message}.`, { cause: error });
  });
  if (text === undefined) return [];
  try {
    const { periods } = periodsSchema.parse(JSON.parse(text));
    return periods.map(({ since, rates }) => ({ since: Date.parse(since), rates }));
  } catch (error) {
    const advice = 'Restore it, or choose another --volume';
    throw new OperatorError(`${path} does not hold fault rates: ${messageOf(error)}. ${advice}.`, {
      cause: error,
    });
  }
}

const fileName = (location: string) => `${location}.faults.json`;

function sorted(rates: FaultRates): FaultRates {
  return Object.fromEntries(Object.entries(rates).sort(([one], [other]) => (one < other ? -1 : 1)));
}
