import { createHash } from 'node:crypto';
import { readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type Clock, fixedClock } from '#lib/clock.ts';
import type { OrderEvent } from '#lib/contract/event.ts';
import { silentProgress } from '#lib/progress.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { directories } from './location/location-model.testing.ts';
import { type SimulateOptions, simulate } from './simulate.ts';

const now = '2026-03-09T20:30:12.345Z';
const newVolume = async () => join(await temporaryDirectory(), 'events');

type Overrides = Partial<SimulateOptions> & { volume: string; clock?: Clock; signal?: AbortSignal };
async function run({
  clock = fixedClock(now),
  signal = new AbortController().signal,
  ...options
}: Overrides) {
  const said: string[] = [];
  const given = {
    ...directories,
    location: 'portland',
    days: 2,
    live: false,
    flushSeconds: 0.001,
    ...options,
  };
  const tools = { clock, signal, say: (text: string) => said.push(text), showProgress: () => silentProgress };
  return { reports: await simulate(given, tools), said };
}

async function readVolume(volume: string): Promise<OrderEvent[]> {
  const names = (await readdir(volume)).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n')).map((line) => JSON.parse(line));
}

async function digest(volume: string): Promise<string> {
  const hash = createHash('sha256');
  for (const name of (await readdir(volume)).sort())
    hash.update(name).update(await readFile(join(volume, name)));
  return hash.digest('hex');
}

const ids = (events: OrderEvent[]) => events.map((event) => event.event_id).sort();

test('the same seed, config and clock give the same bytes; another seed gives others', async () => {
  const [one, again, other] = [await newVolume(), await newVolume(), await newVolume()];
  const { reports } = await run({ volume: one, location: 'all', seed: 7 });
  await run({ volume: again, location: 'all', seed: 7 });
  await run({ volume: other, location: 'all', seed: 8 });
  expect(await digest(again)).toBe(await digest(one));
  expect(await digest(other)).not.toBe(await digest(one));
  const events = await readVolume(one);
  expect(reports.map((report) => report.location)).toEqual(['portland', 'austin', 'denver', 'pittsburgh']);
  expect(reports.reduce((sum, report) => sum + report.events, 0)).toBe(events.length);
  expect(reports.reduce((sum, report) => sum + report.files, 0)).toBe((await readdir(one)).length);
});

test('a file covers at most an hour, up to the time in its name', async () => {
  const volume = await newVolume();
  await run({ volume });
  const names = (await readdir(volume)).sort();
  expect(names.at(-1)).toBe('20260309-203012.345000-portland.json');
  for (const name of names) {
    const end = `${name.slice(0, 4)}-${name.slice(4, 6)}-${name.slice(6, 8)} ${name.slice(9, 11)}:${name.slice(11, 13)}:${name.slice(13, 22)}`;
    const lines = (await readFile(join(volume, name), 'utf8')).trimEnd().split('\n');
    for (const { ts } of lines.map((line): OrderEvent => JSON.parse(line))) {
      expect(ts <= end).toBe(true);
      expect(Date.parse(`${end}Z`) - Date.parse(`${ts}Z`)).toBeLessThanOrEqual(3_600_000);
    }
  }
});

test('a backfill followed by small live windows gives the events of one backfill', async () => {
  const [whole, pieces] = [await newVolume(), await newVolume()];
  await run({ volume: whole, seed: 3 });
  const end = Date.parse(now);
  await run({ volume: pieces, seed: 3, days: 1, clock: fixedClock(new Date(end - 86_400_000)) });
  const stop = new AbortController();
  let at = end - 86_400_000;
  let looks = 0;
  const clock = {
    now: () => {
      at = Math.min(end, at + 137_000);
      if (at === end && ++looks > 9) stop.abort();
      return new Date(at);
    },
  };
  await run({ volume: pieces, live: true, clock, signal: stop.signal });
  expect((await readdir(pieces)).length).toBeGreaterThan((await readdir(whole)).length);
  expect(ids(await readVolume(pieces))).toEqual(ids(await readVolume(whole)));
});

test('a second run continues; at the same time it writes nothing', async () => {
  const volume = await newVolume();
  await run({ volume, seed: 5 });
  const before = await digest(volume);
  const { reports, said } = await run({ volume, days: 3 });
  expect(said[0]).toBe('portland continues at 2026-03-09T20:30:12.345Z (seed 5).');
  expect(reports).toMatchObject([{ continued: true, events: 0, files: 0, seed: 5 }]);
  expect(await digest(volume)).toBe(before);
  await run({ volume, clock: fixedClock('2026-03-10T20:30:12.345Z') });
  const other = await newVolume();
  await run({ volume: other, seed: 5, days: 3, clock: fixedClock('2026-03-10T20:30:12.345Z') });
  expect(ids(await readVolume(volume))).toEqual(ids(await readVolume(other)));
});

test('a run that would mix two simulations is refused with advice', async () => {
  const volume = await newVolume();
  await run({ volume, seed: 5 });
  await expect(run({ volume, seed: 6 })).rejects.toThrow(
    /with seed 5; --seed 6 would mix two simulations. Leave out/,
  );
  const configs = await temporaryDirectory();
  await writeFile(join(configs, 'portland.json'), '{"driver_mph": 40}');
  await expect(run({ volume, configs })).rejects.toThrow(
    /from other dimension data, another location config/,
  );
  await rm(join(dirname(volume), `${basename(volume)}-state`), { recursive: true });
  await expect(run({ volume })).rejects.toThrow(
    /not the state they were written with. Choose another --volume/,
  );
});

test('an unknown location, key or state is named in the error', async () => {
  const volume = await newVolume();
  await expect(run({ volume, location: 'atlantis' })).rejects.toThrow(
    'There is no location "atlantis". Choose one of portland, austin, denver, pittsburgh, or all.',
  );
  await expect(run({ volume, location: 'denver,atlantis' })).rejects.toThrow('no location "atlantis"');
  const some = await run({ volume: await newVolume(), location: 'denver, portland', days: 1 });
  expect(some.reports.map((report) => report.location)).toEqual(['portland', 'denver']);
  const configs = await temporaryDirectory();
  await writeFile(join(configs, 'portland.json'), '{"driver_mhp": 40, "svc": {"cs": [2]}}');
  await expect(run({ volume, configs })).rejects.toThrow(/portland.json is invalid: svc.cs .*driver_mhp/);
  await run({ volume });
  await writeFile(join(dirname(volume), 'events-state', 'portland.json'), '{');
  await expect(run({ volume })).rejects.toThrow(/portland.json is not a simulator state/);
});

test('only one simulator at a time writes a location; its lock ends with it', async () => {
  const volume = await newVolume();
  const stop = new AbortController();
  const first = run({ volume, live: true, signal: stop.signal, clock: fixedClock(now) });
  await expect.poll(() => readdir(volume).catch(() => []), { timeout: 120_000 }).not.toEqual([]);
  await expect(run({ volume })).rejects.toThrow(
    new RegExp(`Another simulator \\(process ${process.pid}, live, since .*\\) is writing portland`),
  );
  await symlink(volume, `${volume}-too`);
  await expect(run({ volume: `${volume}-too` })).rejects.toThrow(/is writing portland into .*events-too/);
  await run({ volume, location: 'denver' });
  stop.abort();
  await first;
  expect((await run({ volume })).reports).toMatchObject([{ continued: true }]);
});
