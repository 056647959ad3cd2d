import { sleep } from '#lib/clock.ts';
import { type Child, type ChildHooks, type ChildSpec, type Exit, startChild } from './child.ts';
import { findExitReason } from './log-line.ts';

/** How a process that keeps failing is restarted. Times in milliseconds. */
export type Backoff = {
  initialMs: number;
  maxMs: number;
  /** A process that ran this long counts as healthy again. */
  healthyMs: number;
  /** The number of early exits in a row from which on the process counts as crash-looping. */
  crashLoopAfter: number;
};

export const serviceBackoff: Backoff = {
  initialMs: 500,
  maxMs: 60_000,
  healthyMs: 30_000,
  crashLoopAfter: 4,
};

export type Restart = { earlyExits: number; delayMs: number; isCrashLooping: boolean };

/** When to restart after an exit: the delay doubles with every early exit in a row, up to the maximum. */
export function nextRestart(previousEarlyExits: number, uptimeMs: number, backoff: Backoff): Restart {
  const earlyExits = uptimeMs >= backoff.healthyMs ? 0 : previousEarlyExits + 1;
  const doublings = Math.min(Math.max(earlyExits - 1, 0), 30);
  return {
    earlyExits,
    delayMs: Math.min(backoff.initialMs * 2 ** doublings, backoff.maxMs),
    isCrashLooping: earlyExits >= backoff.crashLoopAfter,
  };
}

export type ServiceExit = Omit<Restart, 'earlyExits'> & { exit: Exit; reason: string | undefined };

export type ServiceHooks = ChildHooks & { onStart(child: Child): void; onExit(exit: ServiceExit): void };

/** A process that is restarted whenever it exits, until it is stopped. */
export type Service = {
  name: string;
  /** Sends SIGTERM, waits `graceMs` milliseconds at most, then kills it; it is not restarted. */
  stop(graceMs: number): Promise<void>;
  /** Kills it; it is not restarted. */
  kill(): void;
  /** Kills it; it is restarted with a new spec. */
  restart(): void;
};

const MAX_REMEMBERED_LINES = 40;

/** Keeps one command running: every exit is followed by a delay (see `nextRestart`) and a start with a new `spec`. */
export function keepRunning(spec: () => ChildSpec, backoff: Backoff, hooks: ServiceHooks): Service {
  const stopping = new AbortController();
  let current: Child | undefined;

  const runOnce = async (previousEarlyExits: number): Promise<number> => {
    const lines: string[] = [];
    const startedAt = performance.now();
    current = startChild(spec(), {
      ...hooks,
      onLine: (line, stream) => {
        if (stream === 'stderr') lines.splice(0, Math.max(0, lines.push(line) - MAX_REMEMBERED_LINES));
        hooks.onLine(line, stream);
      },
    });
    hooks.onStart(current);
    const exit = await current.exited;
    if (stopping.signal.aborted) return 0;
    const { earlyExits, ...restart } = nextRestart(
      previousEarlyExits,
      performance.now() - startedAt,
      backoff,
    );
    hooks.onExit({ exit, reason: exit.signal ? undefined : findExitReason(lines), ...restart });
    await sleep(restart.delayMs, stopping.signal);
    return earlyExits;
  };

  const ended = (async () => {
    let earlyExits = 0;
    while (!stopping.signal.aborted) earlyExits = await runOnce(earlyExits);
  })();

  return {
    name: spec().name,
    restart: () => current?.kill(),
    kill: () => {
      stopping.abort();
      current?.kill();
    },
    stop: async (graceMs) => {
      stopping.abort();
      await current?.stop(graceMs);
      await ended;
    },
  };
}
