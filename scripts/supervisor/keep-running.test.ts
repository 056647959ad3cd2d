import { expect, onTestFinished, test } from 'vitest';
import { type ChildSpec, startChild } from './child.ts';
import { keepRunning, type ServiceDeath } from './keep-running.ts';
import { identify } from './process-identity.ts';

const spec = (...args: string[]): ChildSpec => ({
  name: 'child',
  script: 'supervisor/child.testing.ts',
  args,
  env: { NODE_ENV: 'test' },
});

/** Starts a child and waits until it says `up`; @returns it with the lines so far. */
async function startUp(...args: string[]) {
  const lines: string[] = [];
  const up = Promise.withResolvers<void>();
  const child = startChild(spec(...args), {
    onLine: (line) => {
      lines.push(line);
      if (line === 'up') up.resolve();
    },
  });
  onTestFinished(() => child.kill());
  await up.promise;
  return { child, lines };
}

test('a child stops when it is asked to', async () => {
  const { child } = await startUp();
  expect(await child.stop(5000)).toEqual({ code: 0, signal: null });
  expect(identify(child.identity?.pid ?? 0)).toBeUndefined();
});

test('a child that does not listen is ended by force, and so is what it started', async () => {
  const { child, lines } = await startUp('stubborn', 'grandchild');
  const grandchild = Number(lines.find((line) => line.startsWith('grandchild'))?.split(' ')[1]);
  expect(identify(grandchild)).toBeDefined();
  expect((await child.stop(100)).signal).toBe('SIGKILL');
  await expect.poll(() => identify(grandchild)).toBeUndefined();
});

test('a service that dies is started again after growing pauses, and says why it died', async () => {
  const deaths: ServiceDeath[] = [];
  const third = Promise.withResolvers<void>();
  const service = keepRunning(
    () => spec('die'),
    { firstMs: 10, largestMs: 40, healthyMs: 60_000, alarmAfter: 3 },
    {
      onLine: () => undefined,
      onStart: () => undefined,
      onDeath: (death) => {
        if (deaths.push(death) === 3) third.resolve();
      },
    },
  );
  await third.promise;
  await service.stop(1000);
  const seen = deaths.length;
  expect(deaths.map(({ delayMs, alarm }) => [delayMs, alarm])).toEqual([
    [10, false],
    [20, false],
    [40, true],
  ]);
  expect(deaths[0]).toMatchObject({ exit: { code: 1 }, reason: 'Error: the disk is gone' });
  expect(deaths.length).toBe(seen);
});

test('a service that is stopped stays down', async () => {
  let starts = 0;
  const up = Promise.withResolvers<void>();
  const service = keepRunning(
    () => spec(),
    { firstMs: 1, largestMs: 1, healthyMs: 1, alarmAfter: 3 },
    {
      onLine: () => up.resolve(),
      onStart: () => {
        starts += 1;
      },
      onDeath: () => expect.unreachable(),
    },
  );
  await up.promise;
  await service.stop(5000);
  expect(starts).toBe(1);
});
