import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import { silentProgress } from '#lib/progress.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { parseFileName, readVolumeTime } from '#lib/volume/index.ts';
import { countFaults } from '../faults/manifest.ts';
import { directories } from '../location/location-model.testing.ts';
import { type SimulateOptions, simulate } from '../simulate.ts';
import { controlRunning, listRunning } from './control-client.ts';

const noon = Date.parse('2026-03-09T20:00:00Z');
const iso = (at: number) => new Date(at).toISOString();
const newVolume = async () => join(await temporaryDirectory(), 'events');
const defaults = { ...directories, location: 'portland', days: 1, live: true, flushSeconds: 0.001 };

/** A live run with a wall clock that the test moves; `said` are its messages. */
function runLive(options: Partial<SimulateOptions> & { volume: string }, now: () => number) {
  const stop = new AbortController();
  const said: string[] = [];
  const tools = {
    clock: { now: () => new Date(now()) },
    signal: stop.signal,
    say: (text: string) => said.push(text),
    showProgress: () => silentProgress,
  };
  const ended = simulate({ ...defaults, ...options }, tools);
  const end = () => {
    stop.abort();
    return ended;
  };
  onTestFinished(() => void end());
  return { said, end };
}

async function backfill(volume: string, until: number | string, options: Partial<SimulateOptions> = {}) {
  const clock = fixedClock(new Date(until));
  const tools = { clock, signal: new AbortController().signal, say: () => undefined };
  return simulate(
    { ...defaults, ...options, volume, live: false },
    { ...tools, showProgress: () => silentProgress },
  );
}

async function readLines(volume: string): Promise<string> {
  const names = (await readdir(volume)).sort();
  return (await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')))).join('');
}

const listVisible = (volume: string) => readdirSync(volume).filter((name) => !name.startsWith('.'));
const publishedTime = (volume: string): string =>
  JSON.parse(readFileSync(`${volume}-state/portland.clock.json`, 'utf8')).at;
const newest = (volume: string) => parseFileName(listVisible(volume).toSorted().at(-1) ?? '')?.end ?? '';
/** Waits long enough for a slow machine. */
const eventually = <Value>(look: () => Value) => expect.poll(look, { timeout: 120_000, interval: 10 });
const clockOf = async (volume: string) => (await controlRunning(volume, { command: 'status' }))[0]?.clock;

test('at 3600× no event is visible before its time is published, and the files equal those of a backfill', async () => {
  const [live, whole] = [await newVolume(), await newVolume()];
  let wall = noon;
  const checked: boolean[] = [];
  const { end } = runLive({ volume: live, speed: 3600, now: new Date(noon) }, () => {
    wall += 500;
    if (listVisible(live).length > 0) checked.push(newest(live) <= publishedTime(live));
    return wall;
  });
  await eventually(() => wall).toBeGreaterThan(noon + 60_000);
  await end();
  expect(checked.length).toBeGreaterThan(20);
  expect(checked).not.toContain(false);
  const at = publishedTime(live);
  expect(await readVolumeTime(live, new Date(wall))).toEqual(new Date(at));
  await backfill(live, at);
  await backfill(whole, noon);
  await backfill(whole, at);
  expect((await readLines(live)).split('\n').length).toBeGreaterThan(2_000);
  expect((await readLines(live)) === (await readLines(whole))).toBe(true);
});

test('pause, step, speed and resume control the running simulator, and no event is lost', async () => {
  const [live, whole] = [await newVolume(), await newVolume()];
  let wall = noon;
  const { end } = runLive({ volume: live }, () => wall);
  await eventually(() => clockOf(live)).toEqual({ at: iso(noon), speed: 'wall', paused: false });
  await controlRunning(live, { command: 'pause' });
  wall += 600_000;
  expect(await clockOf(live)).toEqual({ at: iso(noon), speed: 'wall', paused: true });
  const [stepped] = await controlRunning(live, { command: 'step', ms: 3_600_000 });
  expect(stepped?.locations[0]?.position).toBe(iso(noon + 3_600_000));
  expect(newest(live) > iso(noon)).toBe(true);
  expect(publishedTime(live)).toBe(iso(noon + 3_600_000));
  await controlRunning(live, { command: 'speed', speed: 60 });
  await controlRunning(live, { command: 'resume' });
  for (let second = 0; second < 10; second += 1) {
    wall += 1_000;
    const due = iso(noon + 3_600_000 + (second + 1) * 60_000);
    await eventually(async () => (await clockOf(live))?.at).toBe(due);
  }
  await controlRunning(live, { command: 'speed', speed: 'wall' });
  wall = noon + 10 * 3_600_000;
  await eventually(async () => (await clockOf(live))?.at).toBe(iso(wall));
  await end();
  expect(existsSync(`${live}-state/portland.clock.json`)).toBe(false);
  await backfill(live, wall);
  await backfill(whole, noon);
  await backfill(whole, wall);
  expect((await readLines(live)) === (await readLines(whole))).toBe(true);
});

test('simulated time does not pass between runs; speed and pause are kept', async () => {
  const volume = await newVolume();
  let wall = noon;
  const first = runLive({ volume, speed: 60, now: new Date('2026-02-01T18:00:00Z') }, () => wall);
  await eventually(() => first.said.at(-1)).toMatch(/continues from 2026-02-01T18:00:00.000Z at 60×/);
  wall += 2_000;
  await eventually(async () => (await clockOf(volume))?.at).toBe('2026-02-01T18:02:00.000Z');
  await controlRunning(volume, { command: 'pause' });
  await first.end();
  wall += 86_400_000;
  const second = runLive({ volume }, () => wall);
  await eventually(() => clockOf(volume)).toEqual({
    at: '2026-02-01T18:02:00.000Z',
    speed: 60,
    paused: true,
  });
  await eventually(() => second.said.at(-1)).toMatch(/is paused at 2026-02-01T18:02:00.000Z/);
  await second.end();
  const third = runLive({ volume, speed: 3600 }, () => wall);
  await eventually(() => clockOf(volume)).toMatchObject({ speed: 3600, paused: false });
  await third.end();
  const back = runLive({ volume, now: new Date('2026-02-01T00:00:00Z') }, () => wall);
  await expect(back.end()).rejects.toThrow(
    /--now 2026-02-01T00:00:00.000Z is in the past: events up to 2026-02-01T0/,
  );
});

test('a backfill leaves no running simulator, and without one a request fails', async () => {
  const volume = await newVolume();
  await expect(controlRunning(volume, { command: 'pause' })).rejects.toThrow(
    /No simulator is running on .*npm start/,
  );
  expect(await listRunning(volume)).toEqual([]);
  await backfill(volume, noon);
  expect(await listRunning(volume)).toEqual([]);
});

test('a scenario requested while running gives the same files as one planned before, also after a restart', async () => {
  const [live, whole] = [await newVolume(), await newVolume()];
  let wall = noon;
  const faults = { duplicate: 0.05, late: 0.01, missing: 0.05 };
  const first = runLive({ volume: live, faults }, () => wall);
  await eventually(() => first.said.at(-1)).toMatch(/^Live/);
  const request = { name: 'kitchen-outage', location: 'portland', length_ms: 1_800_000 } as const;
  await expect(
    controlRunning(live, { command: 'scenario', scenario: { ...request, start: iso(noon - 60_000) } }),
  ).rejects.toThrow(/kitchen-outage cannot begin at .* events of portland are written up to/);
  await expect(
    controlRunning(live, { command: 'scenario', scenario: { ...request, location: 'denver' } }),
  ).rejects.toThrow(/it does not write denver, but portland/);
  wall += 600_000;
  const [status] = await controlRunning(live, { command: 'scenario', scenario: request });
  const scenario = { name: request.name, start: iso(wall), length_ms: request.length_ms };
  expect(status?.locations[0]?.scenarios).toEqual([scenario]);
  for (let quarter = 0; quarter < 4; quarter += 1) {
    wall += 900_000;
    await eventually(async () => (await listRunning(live))[0]?.locations[0]?.position).toBe(iso(wall));
  }
  await first.end();
  await backfill(live, noon + 86_400_000, { faults });
  const planned = [{ ...scenario, location: 'all' }];
  await backfill(whole, noon, { faults });
  await backfill(whole, noon + 86_400_000, { faults, scenarios: planned });
  expect((await readLines(live)) === (await readLines(whole))).toBe(true);
  expect(await countFaults(live)).toEqual(await countFaults(whole));
});
