import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { readVolumeClock, readVolumeTime, stateDirectory, writeVolumeClock } from './volume-clock.ts';

const wallTime = new Date('2026-03-09T12:00:00.000Z');
const clock = { at: '2026-03-10T12:00:00.000Z', speed: 60, paused: false };

test('a clock is read as published, and removed when its writer follows the wall clock', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  expect(await readVolumeClock(volume, 'portland')).toBeUndefined();
  await writeVolumeClock(volume, 'portland', clock);
  expect(await readVolumeClock(volume, 'portland')).toEqual(clock);
  await writeVolumeClock(volume, 'portland', undefined);
  expect(await readVolumeClock(volume, 'portland')).toBeUndefined();
});

test('the time of a volume is the latest published clock, and never before the wall clock', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  expect(await readVolumeTime(volume, wallTime)).toEqual(wallTime);
  await writeVolumeClock(volume, 'denver', { ...clock, at: '2026-03-01T00:00:00.000Z' });
  expect(await readVolumeTime(volume, wallTime)).toEqual(wallTime);
  await writeVolumeClock(volume, 'portland', clock);
  expect(await readVolumeTime(volume, wallTime)).toEqual(new Date(clock.at));
});

test('an invalid clock is named in the error, with advice', async () => {
  const volume = join(await temporaryDirectory(), 'events');
  await mkdir(stateDirectory(volume));
  await writeFile(join(stateDirectory(volume), 'portland.clock.json'), '{"version":1,"at":"later"}');
  await expect(readVolumeTime(volume, wallTime)).rejects.toThrow(
    /portland.clock.json is not a clock: .*Remove it/s,
  );
  await rm(stateDirectory(volume), { recursive: true });
  await writeFile(stateDirectory(volume), '');
  await expect(readVolumeTime(volume, wallTime)).rejects.toThrow(/cannot be listed/);
});
