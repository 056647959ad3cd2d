import { sleep } from '#lib/clock.ts';
import { type Backoff, nextRestart } from './backoff.ts';
import { type Child, type ChildHooks, type ChildSpec, type Exit, startChild } from './child.ts';
import { findReason } from './log-line.ts';

export type ServiceDeath = { exit: Exit; reason: string | undefined; delayMs: number; alarm: boolean };

export type ServiceHooks = ChildHooks & { onStart(child: Child): void; onDeath(death: ServiceDeath): void };

/** A process that is started again whenever it dies, until it is stopped. */
export type Service = {
  name: string;
  /** Asks it to stop, waits `graceMs` at most, then ends it by force; no restart after that. */
  stop(graceMs: number): Promise<void>;
  /** Ends it by force; it stays down. */
  kill(): void;
  /** Ends it by force; it comes back with a new spec. */
  restart(): void;
};

const REMEMBERED_LINES = 40;

/**
 * Keeps one command running: a death is followed by a pause (see `nextRestart`) and a new start, for which `spec` is
 * asked anew.
 */
export function keepRunning(spec: () => ChildSpec, backoff: Backoff, hooks: ServiceHooks): Service {
  const stopping = new AbortController();
  let current: Child | undefined;

  const runOnce = async (quickDeaths: number): Promise<number> => {
    const lines: string[] = [];
    const startedAt = performance.now();
    current = startChild(spec(), {
      ...hooks,
      onLine: (line, stream) => {
        if (stream === 'stderr') lines.splice(0, Math.max(0, lines.push(line) - REMEMBERED_LINES));
        hooks.onLine(line, stream);
      },
    });
    hooks.onStart(current);
    const exit = await current.exited;
    if (stopping.signal.aborted) return 0;
    const death = nextRestart(quickDeaths, performance.now() - startedAt, backoff);
    hooks.onDeath({
      exit,
      reason: exit.signal ? undefined : findReason(lines),
      delayMs: death.delayMs,
      alarm: death.alarm,
    });
    await sleep(death.delayMs, stopping.signal);
    return death.quickDeaths;
  };

  const ended = (async () => {
    let quickDeaths = 0;
    while (!stopping.signal.aborted) quickDeaths = await runOnce(quickDeaths);
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
