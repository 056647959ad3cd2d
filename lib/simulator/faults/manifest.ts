import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { parseFileName, stateDirectory, writeFilesAtomically } from '#lib/volume/index.ts';
import { type FaultKind, faultKinds } from './kinds.ts';

const kinds = Object.keys(faultKinds) as [FaultKind, ...FaultKind[]];
const recordSchema = z.object({
  fault: z.enum(kinds),
  event_id: z.string(),
  event_type: z.string(),
  order_id: z.string(),
  /** Of the file, from 1; null for an event that never comes. */
  line: z.int().nullable(),
  field: z.string().optional(),
  /** How long after its time the event came. */
  delay_ms: z.int().optional(),
  /** The scenario that this belongs to. */
  scenario: z.string().optional(),
});

/** One fault: what was done to which event, and where it stands. */
export type FaultRecord = z.infer<typeof recordSchema>;

const manifestSchema = z.object({ file: z.string(), faults: z.array(recordSchema) });
export type Manifest = z.infer<typeof manifestSchema>;

const directoryOf = (volume: string) => join(stateDirectory(volume), 'faults');

/** Says which faults event files hold. Written before the files themselves, so that no fault is unaccounted for. */
export async function writeManifests(
  volume: string,
  files: { name: string; faults: FaultRecord[] }[],
): Promise<void> {
  const manifests = files
    .filter(({ faults }) => faults.length > 0)
    .map(({ name, faults }) => ({ name, content: describeFile(name, faults) }));
  if (manifests.length > 0) await writeFilesAtomically(directoryOf(volume), manifests);
}

function describeFile(file: string, faults: FaultRecord[]): string {
  const lines = faults.map((fault) => `  ${JSON.stringify(fault)}`).join(',\n');
  return `{"file":${JSON.stringify(file)},"faults":[\n${lines}\n]}\n`;
}

/** What was put into the files of a volume, in the order of the files. @throws OperatorError for a broken manifest. */
export async function listManifests(volume: string): Promise<Manifest[]> {
  const names = (await listNames(volume)).filter((name) => !name.startsWith('.'));
  return Promise.all(names.map((name) => readManifest(join(directoryOf(volume), name))));
}

/** How many of each kind a volume holds. */
export async function countFaults(volume: string): Promise<Record<FaultKind, number>> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  for (const { faults } of await listManifests(volume)) for (const { fault } of faults) counts[fault] += 1;
  return counts;
}

/** Removes what a killed run said of files that it did not come to write: they end after `position` (epoch ms). */
export async function removeOrphans(volume: string, location: string, position: number): Promise<void> {
  const orphans = (await listNames(volume)).filter((name) => {
    if (name.startsWith('.')) return name.endsWith(`-${location}.json.tmp`);
    const parsed = parseFileName(name);
    return parsed?.suffix === location && Date.parse(parsed.end) > position;
  });
  await Promise.all(orphans.map((name) => rm(join(directoryOf(volume), name))));
}

async function listNames(volume: string): Promise<string[]> {
  const names = await readdir(directoryOf(volume)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new OperatorError(`${directoryOf(volume)} cannot be listed: ${error.message}.`, { cause: error });
  });
  return names.sort();
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new OperatorError(`${path} is not a manifest of faults: ${messageOf(error)}.`, { cause: error });
  }
}
