import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

const root = join(import.meta.dirname, '..');
const args = [
  '--days',
  '6',
  '--location',
  'denver',
  '--until',
  '2026-03-09T20:00:00Z',
  '--fault',
  'duplicate=0.05',
];

function run(volume: string): Promise<{ code: number; stderr: string }> {
  const given = ['scripts/simulate.ts', ...args, '--volume', volume];
  return new Promise((done) =>
    execFile(process.execPath, given, { cwd: root }, (error, _, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stderr }),
    ),
  );
}

const mount = (directory: string) =>
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory], { stdio: 'ignore' });
const unmount = (directory: string) => void execFileSync('umount', ['-l', directory]);

/** Whether a small disk can be mounted, which needs root on Linux. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const directory = mkdtempSync(join(tmpdir(), 'caspers-test-'));
  try {
    mount(directory);
    unmount(directory);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

async function readAll(volume: string): Promise<string> {
  const names = (await readdir(volume)).sort();
  expect(names.filter((name) => name.startsWith('.'))).toEqual([]);
  return (await Promise.all(names.map((name) => readFile(join(volume, name), 'utf8')))).join('');
}

test('a full disk ends the run with one sentence and complete files; with space again it continues with the same events', async ({
  skip,
}) => {
  skip(!canMount(), 'needs root on Linux and the right to mount a small disk');
  const disk = join(await temporaryDirectory(), 'disk');
  await mkdir(disk);
  mount(disk);
  onTestFinished(() => unmount(disk));
  const [full, whole] = [join(disk, 'events'), join(await temporaryDirectory(), 'events')];
  const { code, stderr } = await run(full);
  expect(code).toBe(1);
  expect(stderr).toMatch(
    /The disk of .* is full. Free some space and start again; no file is incomplete.\n$/,
  );
  const before = await readAll(full);
  expect(before.endsWith('\n')).toBe(true);
  expect(before.length).toBeGreaterThan(500_000);
  execFileSync('mount', ['-o', 'remount,size=64m', disk]);
  expect(await run(full)).toMatchObject({ code: 0 });
  expect(await run(whole)).toMatchObject({ code: 0 });
  const [after, expected] = [await readAll(full), await readAll(whole)];
  expect(after.startsWith(before)).toBe(true);
  expect(after === expected).toBe(true);
});
