import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type ChildSpec, startChild } from './child.ts';
import { keepRunning, nextRestart, type ServiceExit, serviceBackoff } from './keep-running.ts';
import { processIdentity } from './process-identity.ts';

const spec = (...args: string[]): ChildSpec => ({
  name: 'child',
  script: 'supervisor/process/child.testing.ts',
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
  expect(processIdentity(child.identity?.pid ?? 0)).toBeUndefined();
});

test('a child that ignores SIGTERM is killed, and so are the processes that it started', async () => {
  const { child, lines } = await startUp('stubborn', 'grandchild');
  const grandchild = Number(lines.find((line) => line.startsWith('grandchild'))?.split(' ')[1]);
  expect(processIdentity(grandchild)).toBeDefined();
  expect((await child.stop(100)).signal).toBe('SIGKILL');
  await expect.poll(() => processIdentity(grandchild)).toBeUndefined();
});

test('a service that ends is restarted after growing delays, with the reason of its end', async () => {
  const exits: ServiceExit[] = [];
  const third = Promise.withResolvers<void>();
  const service = keepRunning(
    () => spec('die'),
    { initialMs: 10, maxMs: 40, healthyMs: 60_000, crashLoopAfter: 3 },
    {
      onLine: () => undefined,
      onStart: () => undefined,
      onExit: (exit) => {
        if (exits.push(exit) === 3) third.resolve();
      },
    },
  );
  await third.promise;
  await service.stop(1000);
  const seen = exits.length;
  expect(exits.map(({ delayMs, isCrashLooping }) => [delayMs, isCrashLooping])).toEqual([
    [10, false],
    [20, false],
    [40, true],
  ]);
  expect(exits[0]).toMatchObject({ exit: { code: 1 }, reason: 'Error: the disk is gone' });
  expect(exits.length).toBe(seen);
});

test('a service that is stopped stays down', async () => {
  let starts = 0;
  const up = Promise.withResolvers<void>();
  const service = keepRunning(
    () => spec(),
    { initialMs: 1, maxMs: 1, healthyMs: 1, crashLoopAfter: 3 },
    {
      onLine: () => up.resolve(),
      onStart: () => {
        starts += 1;
      },
      onExit: () => expect.unreachable(),
    },
  );
  await up.promise;
  await service.stop(5000);
  expect(starts).toBe(1);
});

const EARLY_MS = 10;

test('the delay doubles with every early exit up to the maximum', () => {
  const delays: number[] = [];
  let earlyExits = 0;
  for (let exit = 0; exit < 10; exit += 1) {
    const next = nextRestart(earlyExits, EARLY_MS, serviceBackoff);
    earlyExits = next.earlyExits;
    delays.push(next.delayMs);
  }
  expect(delays).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('the fourth early exit counts as a crash loop, and a healthy run ends it', () => {
  expect(nextRestart(2, EARLY_MS, serviceBackoff).isCrashLooping).toBe(false);
  expect(nextRestart(3, EARLY_MS, serviceBackoff).isCrashLooping).toBe(true);
  expect(nextRestart(9, serviceBackoff.healthyMs, serviceBackoff)).toEqual({
    earlyExits: 0,
    delayMs: 500,
    isCrashLooping: false,
  });
});

test('the delay is within its bounds whatever happened before', () => {
  fc.assert(
    fc.property(fc.nat({ max: 100_000 }), fc.nat({ max: 10_000_000 }), (exits, uptimeMs) => {
      const { delayMs } = nextRestart(exits, uptimeMs, serviceBackoff);
      expect(delayMs).toBeGreaterThanOrEqual(serviceBackoff.initialMs);
      expect(delayMs).toBeLessThanOrEqual(serviceBackoff.maxMs);
    }),
  );
});
