import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { acquireLock } from './lock-file.mjs';

const isRunning = (pid: string) => {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
};

test('a lock is held while its holder runs, and replaced with the content of a dead one', async () => {
  const path = join(await temporaryDirectory(), 'lock');
  const dead = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(dead, 'exit');
  writeFileSync(path, `${dead.pid}`);
  expect(acquireLock(path, `${process.pid}`, isRunning)).toEqual({
    holder: undefined,
    previous: `${dead.pid}`,
  });
  expect(acquireLock(path, 'another', isRunning)).toEqual({ holder: `${process.pid}` });
});

/** Works ten times under the lock, with a line at the beginning and the end of each time. */
const contender = `
import { appendFileSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { acquireLock } from ${JSON.stringify(new URL('lock-file.mjs', import.meta.url).href)};
const [lock, log] = process.argv.slice(1);
const isHeld = (pid) => { try { return process.kill(Number(pid), 0); } catch { return false; } };
for (let n = 0; n < 10; n += 1) {
  while (acquireLock(lock, String(process.pid), isHeld).holder) await pause(1);
  appendFileSync(log, process.pid + ' begins\\n');
  await pause(2);
  appendFileSync(log, process.pid + ' ends\\n');
  rmSync(lock);
}`;

test('of several processes one at a time has the lock, also where all of them find that of a dead one', async () => {
  const directory = await temporaryDirectory();
  const [lock, log] = [join(directory, 'lock'), join(directory, 'log')];
  writeFileSync(lock, '999999999');
  const children = Array.from({ length: 4 }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', contender, lock, log], { stdio: 'inherit' }),
  );
  const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0]));
  expect(codes).toEqual([0, 0, 0, 0]);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  expect(lines).toHaveLength(80);
  for (let n = 0; n < lines.length; n += 2) expect(lines[n + 1]).toBe(lines[n]?.replace('begins', 'ends'));
});
