import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hasCode } from './has-code.ts';
import { identify, type ProcessIdentity } from './process-identity.ts';

/** One of the project's commands as a process of its own. */
export type ChildSpec = {
  name: string;
  /** The script, such as `pipeline.ts`, in scripts/. */
  script: string;
  args: string[];
  env: NodeJS.ProcessEnv;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };
export type Stream = 'stdout' | 'stderr';

export type Child = {
  identity: ProcessIdentity | undefined;
  exited: Promise<Exit>;
  /** Asks it to stop and ends it by force after `graceMs` milliseconds. */
  stop(graceMs: number): Promise<Exit>;
  /** Ends it and whatever it started, at once. */
  kill(): void;
};

export type ChildHooks = { onLine(line: string, stream: Stream): void; onMessage?(message: unknown): void };

const DRAIN_MS = 500;

/**
 * Starts a command in a process group of its own, so that Ctrl-C reaches it through the supervisor alone. It holds
 * one end of an IPC channel and stops when the other end is gone, so even a supervisor that was killed leaves none.
 */
export function startChild(spec: ChildSpec, hooks: ChildHooks): Child {
  const child = fork(fileURLToPath(new URL(`../${spec.script}`, import.meta.url)), spec.args, {
    execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=4'],
    detached: true,
    env: spec.env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of ['stdout', 'stderr'] as const) forwardLines(child, stream, hooks);
  if (hooks.onMessage) child.on('message', hooks.onMessage);
  const exited = waitForExit(child, hooks);
  const kill = () => killGroup(child.pid);
  return {
    identity: child.pid === undefined ? undefined : identify(child.pid),
    exited,
    kill,
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const force = setTimeout(kill, graceMs);
      const exit = await exited;
      clearTimeout(force);
      kill();
      return exit;
    },
  };
}

function forwardLines(child: ChildProcess, stream: Stream, hooks: ChildHooks): void {
  const input = child[stream];
  if (input) createInterface({ input }).on('line', (line) => hooks.onLine(line, stream));
}

/** Waits for the exit and the last lines; a grandchild that keeps the pipe open does not hold it up for long. */
function waitForExit(child: ChildProcess, hooks: ChildHooks): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('exit', (code, signal) => setTimeout(resolve, DRAIN_MS, { code, signal }).unref());
    child.on('error', (error) => {
      hooks.onLine(error.message, 'stderr');
      if (child.pid === undefined) resolve({ code: null, signal: null });
    });
  });
}

/** Ends every process of a group; a group that is gone already is fine. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
