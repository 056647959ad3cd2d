import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { stateDirectory } from './state-directory.ts';
import { keepVolumeClock, readVolumeClock, readVolumeTime } from './volume-clock.ts';

const wall = new Date('2026-03-09T12:00:00.000Z');
const clock = { at: '2026-03-10T12:00:00.000Z', speed: 60, paused: false };

test('a clock is read as it was announced, and is gone when its writer follows the wall', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  expect(await readVolumeClock(volume, 'portland')).toBeUndefined();
  await keepVolumeClock(volume, 'portland', clock);
  expect(await readVolumeClock(volume, 'portland')).toEqual(clock);
  await keepVolumeClock(volume, 'portland', undefined);
  expect(await readVolumeClock(volume, 'portland')).toBeUndefined();
});

test('the time of a volume is that of the writer furthest ahead, and never behind the wall', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  expect(await readVolumeTime(volume, wall)).toEqual(wall);
  await keepVolumeClock(volume, 'denver', { ...clock, at: '2026-03-01T00:00:00.000Z' });
  expect(await readVolumeTime(volume, wall)).toEqual(wall);
  await keepVolumeClock(volume, 'portland', clock);
  expect(await readVolumeTime(volume, wall)).toEqual(new Date(clock.at));
});

test('what is no clock is named, and what to do with it', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  await mkdir(stateDirectory(volume));
  await writeFile(join(stateDirectory(volume), 'portland.clock.json'), '{"version":1,"at":"later"}');
  await expect(readVolumeTime(volume, wall)).rejects.toThrow(
    /portland.clock.json is not a clock: .*Remove it/s,
  );
  await rm(stateDirectory(volume), { recursive: true });
  await writeFile(stateDirectory(volume), '');
  await expect(readVolumeTime(volume, wall)).rejects.toThrow(/cannot be listed/);
});
