import { execFile, spawn } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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

test('killed in the middle of live writing, again and again, it neither repeats nor loses an event', async () => {
  const [killed, whole] = [await newVolume(), await newVolume()];
  const begin = Date.now() - 40 * 86_400_000;
  const [start, end] = [new Date(begin).toISOString(), new Date(begin + 40 * 86_400_000).toISOString()];
  await run('--days', '2', '--location', 'denver', '--seed', '9', '--until', start, '--volume', killed);
  const countFiles = async () => (await readdir(killed)).length;
  for (const more of [3, 40, 7, 90]) {
    const enough = (await countFiles()) + more;
    const args = ['scripts/simulate.ts', '--location', 'denver', '--live', '--volume', killed];
    const live = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    await expect.poll(countFiles, { timeout: 20_000, interval: 2 }).toBeGreaterThan(enough);
    live.kill('SIGKILL');
    await new Promise((done) => live.once('exit', done));
  }
  expect(await countFiles()).toBeLessThan(400);
  const rest = await run('--location', 'denver', '--until', end, '--volume', killed);
  expect(rest.code).toBe(0);
  await run('--days', '42', '--location', 'denver', '--seed', '9', '--until', end, '--volume', whole);
  const limit = end.slice(0, 23).replace('T', ' ');
  const upTo = (lines: string[]) => lines.filter((line) => JSON.parse(line).ts <= limit);
  expect(upTo(await readVolume(killed))).toEqual(await readVolume(whole));
  expect((await readdir(killed)).filter((name) => name.startsWith('.'))).toEqual([]);
}, 120_000);

test('live stops when it is asked to, with its counts', async () => {
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
  await expect.poll(() => stderr, { timeout: 45_000 }).toContain('Live: writing what happens');
  live.kill('SIGTERM');
  expect(await new Promise((done) => live.once('close', done))).toBe(0);
  const reports = JSON.parse(stdout);
  expect(reports).toHaveLength(4);
  expect(reports[0]).toMatchObject({ location: 'portland', seed: 1, continued: false });
});

test('the running one is asked by commands, and comes back in the pause in which it was killed', async () => {
  const volume = await newVolume();
  const args = ['scripts/simulate.ts', '--location', 'denver', '--days', '1', '--volume', volume];
  const start = (...more: string[]) =>
    spawn(process.execPath, [...args, ...more], { cwd: root, stdio: 'ignore' });
  const ask = (...what: string[]) => run(...what, '--volume', volume);
  const first = start('--speed', '60x', '--now', '2026-03-09T18:00:00Z');
  await expect.poll(async () => (await ask('status')).stdout, { timeout: 45_000 }).toContain('live at 60×');
  expect(await run('--location', 'denver', '--volume', volume)).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`Another simulator (process ${first.pid}, live, since `),
  });
  expect((await ask('pause')).stdout).toContain('live at 60×, paused; simulated time 2026-03-09T18:');
  const [before] = JSON.parse((await ask('step', '1h', '--json')).stdout);
  first.kill('SIGKILL');
  await new Promise((done) => first.once('exit', done));
  expect(await ask('resume')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('No simulator is running'),
  });
  const second = start('--live');
  await expect.poll(async () => (await ask('status')).stdout, { timeout: 45_000 }).toContain('paused');
  const [after] = JSON.parse((await ask('status', '--json')).stdout);
  expect(after.clock).toEqual(before.clock);
  second.kill('SIGTERM');
  expect(await new Promise((done) => second.once('exit', done))).toBe(0);
}, 120_000);

test.each([
  [['--speed', 'warp'], 'It must be a factor'],
  [['scenario', 'flood'], 'The name must be one of'],
  [['--location', 'atlantis'], 'There is no location "atlantis"'],
])('%j is called wrongly', async (args, message) => {
  const { code, stderr } = await run(...args, '--volume', await newVolume());
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test('a volume that cannot be made is one sentence', async () => {
  const volume = await newVolume();
  await mkdir(join(volume, '..'), { recursive: true });
  await writeFile(volume, '');
  const { code, stderr } = await run('--volume', join(volume, 'events'));
  expect(code).toBe(1);
  expect(stderr).toContain('or a part of its path is a file. Choose another directory.');
  expect(stderr).not.toContain('    at ');
});
