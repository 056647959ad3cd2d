import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { messageOf, OperatorError } from '#lib/errors.ts';
import { parseFileName, stateDirectory, writeFilesAtomically } from '#lib/volume/index.ts';
import { type FaultKind, faultKindNames } from './fault-kinds.ts';

const recordSchema = z.object({
  fault: z.enum(faultKindNames),
  event_id: z.string(),
  event_type: z.string(),
  order_id: z.string(),
  /** The line of the file, from 1; null for a missing event. */
  line: z.int().nullable(),
  field: z.string().optional(),
  /** How long after its own time the event was sent. */
  delay_ms: z.int().optional(),
  /** The scenario that caused it. */
  scenario: z.string().optional(),
});

/** One injected fault: its kind, its event and its line. */
export type FaultRecord = z.infer<typeof recordSchema>;

const manifestSchema = z.object({ file: z.string(), faults: z.array(recordSchema) });
export type Manifest = z.infer<typeof manifestSchema>;

const directoryOf = (volume: string) => join(stateDirectory(volume), 'faults');

/** Records the faults in event files. Written before the files themselves, so that every fault is accounted for. */
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

/** The faults in the files of a volume, in the order of the files. @throws OperatorError for an invalid manifest. */
export async function listManifests(volume: string): Promise<Manifest[]> {
  const names = (await listNames(volume)).filter((name) => !name.startsWith('.'));
  return Promise.all(names.map((name) => readManifest(join(directoryOf(volume), name))));
}

/** The number of faults of each kind in a volume. */
export async function countFaults(volume: string): Promise<Record<FaultKind, number>> {
  const counts = Object.fromEntries(faultKindNames.map((kind) => [kind, 0])) as Record<FaultKind, number>;
  for (const { faults } of await listManifests(volume)) for (const { fault } of faults) counts[fault] += 1;
  return counts;
}

/** Removes the manifests of files that a killed run never wrote: they end after `position` (epoch ms). */
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
    throw new OperatorError(`${path} is not a fault manifest: ${messageOf(error)}.`, { cause: error });
  }
}
