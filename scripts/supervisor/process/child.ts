import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { hasCode } from '#lib/errors.ts';
import { type ProcessIdentity, processIdentity } from './process-identity.ts';

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
  /** Sends SIGTERM, and SIGKILL if it is still running after `graceMs` milliseconds. */
  stop(graceMs: number): Promise<Exit>;
  /** Kills it and every process that it started, at once. */
  kill(): void;
};

export type ChildHooks = { onLine(line: string, stream: Stream): void; onMessage?(message: unknown): void };

/** How long a command may take to finish its current work before it is killed, in milliseconds. */
export const GRACE_MS = 10_000;
const DRAIN_MS = 500;

/**
 * Starts a command in a process group of its own, so that Ctrl-C reaches it only through the supervisor. It holds
 * one end of an IPC channel and stops when the channel closes, so it does not outlive a supervisor that was killed.
 */
export function startChild(spec: ChildSpec, hooks: ChildHooks): Child {
  const child = fork(fileURLToPath(new URL(`../../${spec.script}`, import.meta.url)), spec.args, {
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
    identity: child.pid === undefined ? undefined : processIdentity(child.pid),
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

/** Waits for the exit and the last lines, but not for long where a grandchild keeps the pipe open. */
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

/** Kills every process of a group, if there are any left. */
export function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (!hasCode(error, 'ESRCH')) throw error;
  }
}
