export type StopRequest = {
  /** Aborted at the first request; its reason is a text for people. */
  signal: AbortSignal;
  /** Aborted at the second request: the process must end at once. */
  atOnce: AbortSignal;
  /** Removes the listeners. */
  dispose(): void;
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** A terminal and npm both pass on one Ctrl-C; signals within this time are the same request. */
const SAME_REQUEST_MS = 800;
const PARENT_POLL_MS = 500;

/**
 * Turns Ctrl-C, SIGTERM, SIGHUP, a closed terminal, the parent's death and the end of its IPC channel into one
 * request to stop. Does not keep the process alive.
 */
export function listenForStop(): StopRequest {
  const first = new AbortController();
  const second = new AbortController();
  let askedAt = 0;
  const ask = (reason: string) => {
    if (!first.signal.aborted) {
      askedAt = performance.now();
      first.abort(reason);
    } else if (performance.now() - askedAt > SAME_REQUEST_MS) second.abort(reason);
  };
  const onSignal = (signal: NodeJS.Signals) => ask(signal);
  const onClosed = () => first.abort('the terminal was closed');
  for (const signal of SIGNALS) process.on(signal, onSignal);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onClosed);
  const onOrphaned = () => first.abort('the parent process ended');
  process.on('disconnect', onOrphaned);
  process.channel?.unref();
  const stopWatching = watchParent(onOrphaned);
  return {
    signal: first.signal,
    atOnce: second.signal,
    dispose: () => {
      stopWatching();
      process.off('disconnect', onOrphaned);
      for (const signal of SIGNALS) process.off(signal, onSignal);
    },
  };
}

/** Calls back once when this process is no longer the child of the one that started it. */
function watchParent(onGone: () => void): () => void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    onGone();
  }, PARENT_POLL_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Waits until a signal aborts. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });
}
