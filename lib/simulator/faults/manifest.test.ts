import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { countFaults, type FaultRecord, listManifests, removeOrphans, writeManifests } from './manifest.ts';

const newVolume = async () => join(await temporaryDirectory(), 'events');
const fault = (id: string): FaultRecord => ({
  fault: 'missing',
  event_id: id,
  event_type: 'delivered',
  order_id: 'A',
  line: null,
});
const nameAt = (hour: number, location: string) => `20260309-${hour}0000.000000-${location}.json`;

test('manifests are read in the order of their files; a file without faults has none', async () => {
  const volume = await newVolume();
  expect(await listManifests(volume)).toEqual([]);
  await writeManifests(volume, [
    { name: nameAt(13, 'portland'), faults: [fault('c')] },
    { name: nameAt(12, 'portland'), faults: [fault('a'), fault('b')] },
    { name: nameAt(14, 'portland'), faults: [] },
  ]);
  expect(await listManifests(volume)).toEqual([
    { file: nameAt(12, 'portland'), faults: [fault('a'), fault('b')] },
    { file: nameAt(13, 'portland'), faults: [fault('c')] },
  ]);
  expect(await countFaults(volume)).toMatchObject({ missing: 3, late: 0 });
});

test('manifests of files that a killed run never wrote are removed, for its location only', async () => {
  const volume = await newVolume();
  const files = ['portland', 'denver'].flatMap((location) =>
    [12, 13].map((hour) => ({ name: nameAt(hour, location), faults: [fault('a')] })),
  );
  await writeManifests(volume, files);
  const directory = `${volume}-state/faults`;
  for (const location of ['portland', 'denver'])
    await writeFile(join(directory, `.${nameAt(14, location)}.tmp`), '{');
  await removeOrphans(volume, 'portland', Date.parse('2026-03-09T12:00:00Z'));
  expect((await readdir(directory)).sort()).toEqual([
    `.${nameAt(14, 'denver')}.tmp`,
    nameAt(12, 'denver'),
    nameAt(12, 'portland'),
    nameAt(13, 'denver'),
  ]);
});

test('an invalid manifest is named in the error', async () => {
  const volume = await newVolume();
  await writeManifests(volume, [{ name: nameAt(12, 'portland'), faults: [fault('a')] }]);
  await writeFile(join(`${volume}-state/faults`, nameAt(12, 'portland')), '{"file":1}');
  await expect(countFaults(volume)).rejects.toThrow(/portland.json is not a fault manifest/);
});
