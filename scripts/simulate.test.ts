import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listRunning } from '#lib/simulator/control.ts';
import { countFaults } from '#lib/simulator/index.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

const root = join(import.meta.dirname, '..');
const newVolume = async () => join(await temporaryDirectory(), 'events');

type Result = { code: number; stdout: string; stderr: string };
function run(...args: string[]): Promise<Result> {
  return new Promise((done) =>
    execFile(process.execPath, ['scripts/simulate.ts', ...args], { cwd: root }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  );
}

async function readVolume(volume: string): Promise<string[]> {
  const names = (await readdir(volume)).filter((name) => !name.startsWith('.')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')));
  return texts.flatMap((text) => text.trimEnd().split('\n'));
}

const faulty = ['duplicate=0.05', 'late=0.01', 'missing=0.03', 'truncated-json=0.02'].flatMap((fault) => [
  '--fault',
  fault,
]);

test('killed repeatedly during live writing, it neither repeats nor loses an event or a fault', async () => {
  const [killed, whole] = [await newVolume(), await newVolume()];
  const now = Date.now();
  const [start, later] = [now - 25 * 86_400_000, now + 3_600_000].map((at) => new Date(at).toISOString());
  const write = async (volume: string, ...more: string[]) => {
    const { code } = await run('--location', 'denver', '--volume', volume, ...faulty, ...more);
    expect(code).toBe(0);
  };
  const begin = ['--days', '2', '--seed', '9', '--until', start ?? ''];
  await write(killed, ...begin);
  const countFiles = async () => (await readdir(killed)).length;
  for (const more of [3, 40, 7, 90]) {
    const enough = (await countFiles()) + more;
    const args = ['scripts/simulate.ts', '--location', 'denver', '--live', '--volume', killed, ...faulty];
    const live = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    await expect.poll(countFiles, { timeout: 120_000, interval: 2 }).toBeGreaterThan(enough);
    live.kill('SIGKILL');
    await new Promise((done) => live.once('exit', done));
  }
  await write(killed, '--until', later ?? '');
  await write(whole, ...begin);
  await write(whole, '--until', later ?? '');
  const [found, expected] = [await readVolume(killed), await readVolume(whole)];
  expect(expected.length).toBeGreaterThan(30_000);
  expect(found.length).toBe(expected.length);
  expect(found.every((line, index) => line === expected[index])).toBe(true);
  expect(await countFaults(killed)).toEqual(await countFaults(whole));
  expect((await readdir(killed)).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('a live run stops on a signal and prints its counts', async () => {
  const volume = await newVolume();
  const args = [
    'scripts/simulate.ts',
    '--location',
    'all',
    '--days',
    '1',
    '--live',
    '--json',
    '--volume',
    volume,
  ];
  const live = spawn(process.execPath, args, { cwd: root });
  let [stdout, stderr] = ['', ''];
  live.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  live.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  await expect.poll(() => stderr, { timeout: 120_000 }).toContain('Live: writing events');
  live.kill('SIGTERM');
  expect(await new Promise((done) => live.once('close', done))).toBe(0);
  const reports = JSON.parse(stdout);
  expect(reports).toHaveLength(4);
  expect(reports[0]).toMatchObject({ location: 'portland', seed: 1, continued: false });
});

test('a run at a given time ends there, and one that asks for an earlier time is refused', async () => {
  const volume = await newVolume();
  const at = async (now: string) => {
    const { code, stdout, stderr } = await run(
      ...['--days', '1', '--location', 'denver', '--volume', volume, '--json', '--now', now],
    );
    return { code, report: code === 0 ? JSON.parse(stdout)[0] : undefined, stderr };
  };
  const first = await at('2026-03-09T18:00:00Z');
  expect(first).toMatchObject({ code: 0, report: { position: '2026-03-09T18:00:00.000Z' } });
  expect(first.report.orders).toBeGreaterThan(10);
  expect(await at('2026-03-09T18:00:00Z')).toMatchObject({ code: 0, report: { orders: 0 } });
  expect(await at('2026-03-09T17:00:00Z')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--now 2026-03-09T17:00:00.000Z is in the past'),
  });
});

test('commands control the running simulator, and a killed one restarts paused', async () => {
  const volume = await newVolume();
  const args = ['scripts/simulate.ts', '--location', 'denver', '--days', '1', '--volume', volume];
  const start = (...more: string[]) =>
    spawn(process.execPath, [...args, ...more], { cwd: root, stdio: 'ignore' });
  const ask = (...what: string[]) => run(...what, '--volume', volume);
  const clock = async () => (await listRunning(volume))[0]?.clock;
  const first = start('--speed', '60x', '--now', '2026-03-09T18:00:00Z');
  await expect.poll(clock, { timeout: 120_000 }).toMatchObject({ speed: 60, paused: false });
  const [status, other] = await Promise.all([ask('status'), ask('--location', 'denver')]);
  expect(status.stdout).toMatch(/: live at 60×; simulated time 2026-03-09T18:.*\n {2}denver: complete up to/);
  expect(other).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Another simulator (process ${first.pid}, live, since `),
  });
  expect((await ask('pause')).stdout).toContain('live at 60×, paused; simulated time 2026-03-09T18:');
  const [before] = JSON.parse((await ask('step', '1h', '--json')).stdout);
  first.kill('SIGKILL');
  await new Promise((done) => first.once('exit', done));
  const [idle, resumed] = await Promise.all([ask('status'), ask('resume')]);
  expect(idle.stdout).toMatch(/^No simulator is running on .*\n {2}denver: complete up to 2026-03-09T/);
  expect(resumed).toMatchObject({ code: 1, stderr: expect.stringContaining('No simulator is running') });
  const second = start('--live');
  await expect.poll(clock, { timeout: 120_000 }).toEqual(before.clock);
  second.kill('SIGTERM');
  expect(await new Promise((done) => second.once('exit', done))).toBe(0);
});

test.each([
  [['--speed', 'warp'], 'It must be a factor'],
  [['scenario', 'flood'], 'The name must be one of'],
  [['--location', 'atlantis'], 'There is no location "atlantis"'],
])('%j is wrong usage', async (args, message) => {
  const { code, stderr } = await run(...args, '--volume', await newVolume());
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('a volume that cannot be created gives a one-sentence error', async () => {
  const volume = await newVolume();
  await mkdir(join(volume, '..'), { recursive: true });
  await writeFile(volume, '');
  const { code, stderr } = await run('--volume', join(volume, 'events'));
  expect(code).toBe(1);
  expect(stderr).toContain('or a part of its path is a file. Choose another directory.');
  expect(stderr).not.toContain('    at ');
});
