import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { fixedClock } from '#lib/clock.ts';
import type { OrderEvent } from '#lib/contract/event.ts';
import { silentProgress } from '#lib/progress.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { directories } from '../location/location-model.testing.ts';
import { simulate } from '../simulate.ts';
import { type Row, recordDays, timeOf, writeRecording } from './recording.testing.ts';
import { type ReplayOptions, replay } from './replay.ts';

const DAY = 86_400_000;
const codes = ['portland', 'austin'];
let rows: Row[];
beforeAll(() => {
  rows = recordDays(codes, 2);
});

const makeDirectory = async () => join(await temporaryDirectory(), 'data');
const makeVolume = async () => join(await temporaryDirectory(), 'events');
const tools = (now: string | number | Date) => ({
  clock: fixedClock(new Date(now)),
  signal: new AbortController().signal,
  say: () => undefined,
  showProgress: () => silentProgress,
});
const run = (options: Partial<ReplayOptions> & { volume: string; directory: string }, now: string | number) =>
  replay({ location: 'all', live: false, flushSeconds: 1, ...options }, tools(now));

async function readEvents(volume: string): Promise<OrderEvent[]> {
  const names = (await readdir(volume)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
}

const midnight = Date.parse('2026-06-10T00:00:00Z');
const atNoon = midnight + DAY / 2;

test('the first run writes the days before, and today up to the current time, including the first second', async () => {
  const [directory, volume] = [await makeDirectory(), await makeVolume()];
  const first: Row = { ...rows[0], order_id: 'FIRST', ts_seconds: BigInt(Date.UTC(2026, 0, 1) / 1000) };
  await writeRecording(directory, [...rows, first]);
  await run({ directory, volume, startDay: 1 }, atNoon);
  const shift = midnight - DAY - Date.UTC(2026, 0, 1);
  const due = [...rows, first].filter((row) => Number(row.ts_seconds) * 1000 + shift <= atNoon);
  const events = await readEvents(volume);
  const name = (id: unknown, sequence: unknown, at: number) => `${id} ${sequence} ${at}`;
  expect(events.map(({ order_id, sequence, ts }) => name(order_id, sequence, timeOf(ts))).sort()).toEqual(
    due.map((row) => name(row.order_id, row.sequence, Number(row.ts_seconds) * 1000 + shift)).sort(),
  );
});

test('an event has the values of its row', async () => {
  const [directory, volume] = [await makeDirectory(), await makeVolume()];
  await writeRecording(directory, rows);
  await run({ directory, volume, startDay: 1, location: 'portland' }, midnight + DAY - 1);
  const recorded = rows.filter(({ location_id }) => location_id === 1);
  const byKey = new Map(recorded.map((row) => [`${row.order_id} ${row.sequence}`, row]));
  const events = await readEvents(volume);
  expect(events.length).toBeGreaterThan(3_000);
  for (const event of events) {
    const row = byKey.get(`${event.order_id} ${event.sequence}`);
    const body = JSON.parse(event.body);
    expect([event.location, event.location_id]).toEqual(['portland', 1]);
    if (event.event_type === 'order_created') {
      expect(body.items).toEqual(JSON.parse(String(row?.items_json)));
      expect(body.customer_addr).toBe(row?.customer_addr);
      expect(body.customer_lat).toBeCloseTo(Number(row?.customer_lat), 5);
    }
    if (event.event_type === 'driver_picked_up')
      expect(body).toEqual({ route_points: JSON.parse(String(row?.route_json)) });
    if (event.event_type === 'driver_ping')
      expect(body.progress_pct).toBeCloseTo(Number(row?.ping_progress), 4);
    if (event.event_type === 'delivered')
      expect(body.delivered_lon).toBeCloseTo(Number(row?.customer_lon), 5);
  }
});

test('it repeats: no order is lost or repeated within a cycle, and every order is delivered', async () => {
  const [directory, volume] = [await makeDirectory(), await makeVolume()];
  await writeRecording(directory, rows);
  const tail = rows.filter(({ ts_seconds }) => Number(ts_seconds) * 1000 >= Date.UTC(2026, 0, 3));
  expect(tail.some(({ event_type_id }) => event_type_id === 8)).toBe(true);
  for (const hours of [0, 11, 12, 13, 40, 48, 49, 96, 100])
    await run({ directory, volume }, midnight + hours * 3_600_000);
  await run({ directory, volume }, midnight + 7 * DAY);
  const events = await readEvents(volume);
  expect(new Set(events.map(({ event_id }) => event_id)).size).toBe(events.length);
  const suffixes = new Set(events.map(({ order_id }) => /-L\d+$/.exec(order_id)?.[0] ?? ''));
  expect([...suffixes].sort()).toEqual(['', '-L1', '-L2', '-L3']);
  for (const suffix of ['', '-L1', '-L2']) {
    const played = events.filter(({ order_id }) => order_id.replace(/^\w+/, '') === suffix);
    expect(played.map((event) => `${event.order_id} ${event.sequence}`).sort()).toEqual(
      rows.map((row) => `${row.order_id}${suffix} ${row.sequence}`).sort(),
    );
  }
});

test('an order in progress at midnight keeps its length, because the shift is fixed', async () => {
  const [directory, volume] = [await makeDirectory(), await makeVolume()];
  await writeRecording(directory, rows);
  const lengths = (events: { id: string; at: number }[]) => {
    const spans = new Map<string, number[]>();
    for (const { id, at } of events) spans.set(id, [...(spans.get(id) ?? []), at]);
    return new Map([...spans].map(([id, times]) => [id, Math.max(...times) - Math.min(...times)]));
  };
  for (let hour = 0; hour <= 30; hour += 1) await run({ directory, volume }, atNoon + hour * 3_600_000);
  await run({ directory, volume }, atNoon + 3 * DAY);
  const recorded = lengths(
    rows.map((row) => ({ id: String(row.order_id), at: Number(row.ts_seconds) * 1000 })),
  );
  const played = lengths(
    (await readEvents(volume)).map(({ order_id, ts }) => ({ id: order_id, at: timeOf(ts) })),
  );
  for (const [id, length] of recorded) expect(played.get(id)).toBe(length);
});

test('a live replay continues where it stopped, repeats, and equals one written at once', async () => {
  const [directory, live, whole] = [await makeDirectory(), await makeVolume(), await makeVolume()];
  await writeRecording(directory, rows);
  const stop = new AbortController();
  let wall = atNoon;
  const clock = {
    now: () => {
      wall += 200;
      if (wall > atNoon + 40_000) stop.abort();
      return new Date(wall);
    },
  };
  const fast = { live: true, speed: 3600, flushSeconds: 0.001, now: new Date(atNoon) };
  const options = { location: 'austin', flushSeconds: 1, directory, volume: live };
  await replay({ ...options, ...fast }, { ...tools(0), clock, signal: stop.signal });
  const [{ position } = { position: '' }] = await run(
    { ...options, until: new Date(atNoon + 8 * DAY) },
    atNoon,
  );
  await run({ ...options, volume: whole }, atNoon);
  await run({ ...options, volume: whole, until: new Date(position) }, atNoon);
  expect(await readEvents(live)).toEqual(await readEvents(whole));
});

test.each([
  [{ startDay: 2 }, /--start-day 2 is beyond the recording: its days are 0 to 1/],
  [{ location: 'atlantis' }, /no location "atlantis". Choose one of portland, austin, or all/],
  [{ location: 'portland,atlantis' }, /no location "atlantis". Choose one of portland, austin, or all/],
])('%j is refused', async (options, message) => {
  const directory = await makeDirectory();
  await writeRecording(directory, rows);
  await expect(run({ directory, volume: await makeVolume(), ...options }, atNoon)).rejects.toThrow(message);
});

test('a list of locations is replayed, and each ends at the given time', async () => {
  const directory = await makeDirectory();
  await writeRecording(directory, rows);
  const reports = await run(
    { directory, volume: await makeVolume(), location: 'austin, portland', now: new Date(atNoon) },
    atNoon + 90 * DAY,
  );
  const end = new Date(atNoon).toISOString();
  expect(reports.map(({ location, position }) => [location, position])).toEqual([
    ['portland', end],
    ['austin', end],
  ]);
});

test('an invalid recording is named in the error', async () => {
  const directory = await makeDirectory();
  const volume = await makeVolume();
  const play = () => run({ directory, volume }, atNoon);
  await expect(play()).rejects.toThrow(/events.parquet is missing. Name the directory of a recorded dataset/);
  await writeRecording(directory, rows.slice(0, 5), ['sequence']);
  await expect(play()).rejects.toThrow(/has no column sequence. It needs order_id, /);
  await writeRecording(directory, [...rows.slice(0, 5), { ...rows[0], event_type_id: 9 }]);
  await expect(play()).rejects.toThrow(/row 6: event_type_id is 9, but must be from 1 to 8/);
  await writeRecording(directory, []);
  await expect(play()).rejects.toThrow(/holds no events/);
  await writeFile(join(directory, 'events.parquet'), 'PAR1 nothing PAR1');
  await expect(play()).rejects.toThrow(/is not a readable Parquet file/);
  expect(await readdir(join(volume, '..')).catch(() => [])).toEqual([]);
});

test('a replay and a simulation cannot share a volume, nor can two replays', async () => {
  const [directory, volume, simulated] = [await makeDirectory(), await makeVolume(), await makeVolume()];
  await writeRecording(directory, rows);
  await run({ directory, volume, startDay: 0 }, atNoon);
  await expect(run({ directory, volume, startDay: 1 }, atNoon)).rejects.toThrow(/began with --start-day 0/);
  const options = { ...directories, location: 'portland', days: 1, live: false, flushSeconds: 1 };
  await expect(simulate({ ...options, volume }, tools(atNoon))).rejects.toThrow(/holds a replay of portland/);
  await simulate({ ...options, volume: simulated }, tools(atNoon));
  await expect(run({ directory, volume: simulated }, atNoon)).rejects.toThrow(
    /holds simulated orders of portland/,
  );
  await writeRecording(directory, rows.slice(10));
  await expect(run({ directory, volume }, atNoon)).rejects.toThrow(/holds a replay of another recording/);
});
