/**
 * Runs `lead` in one tab of the browser at a time, for as long as its signal is not aborted; `signal` is that of the
 * tab's own wish to lead. With Web Locks a tab waits until the leading one is hidden, closed or has crashed.
 */
export function takeTurns(name: string, signal: AbortSignal, lead: (signal: AbortSignal) => void): void {
  if (navigator.locks) waitForLock(name, signal, lead);
  else followNewest(name, signal, lead);
}

function waitForLock(name: string, signal: AbortSignal, lead: (signal: AbortSignal) => void): void {
  const held = navigator.locks.request(name, { signal }, () => {
    lead(signal);
    return signal.aborted ? undefined : new Promise<void>((resolve) => whenAborted(signal, resolve));
  });
  held.catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}

/** The longest wait before a tab takes over, so that not all of them do at once. */
const TAKEOVER_MS = 300;

/**
 * The same without Web Locks, which browsers offer only over HTTPS and on localhost: the tab that claimed last leads.
 * A leading tab that crashes is replaced when another one is shown.
 */
function followNewest(name: string, signal: AbortSignal, lead: (signal: AbortSignal) => void): void {
  const channel = new BroadcastChannel(`${name}-leader`);
  let leading: { claimedAt: number; stop: AbortController } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function claim() {
    // The fraction keeps two claims of one instant apart.
    const claimedAt = performance.timeOrigin + performance.now() + Math.random();
    leading = { claimedAt, stop: new AbortController() };
    channel.postMessage({ claimedAt });
    lead(leading.stop.signal);
  }
  function stop() {
    leading?.stop.abort();
    leading = undefined;
  }
  channel.onmessage = ({ data }: MessageEvent<{ claimedAt?: number }>) => {
    clearTimeout(timer);
    const { claimedAt } = data;
    if (claimedAt === undefined) timer = setTimeout(claim, Math.random() * TAKEOVER_MS);
    else if (leading && claimedAt > leading.claimedAt) stop();
  };
  whenAborted(signal, () => {
    clearTimeout(timer);
    // Only the leading tab leaves a place to take.
    if (leading) channel.postMessage({});
    stop();
    channel.close();
  });
  claim();
}

function whenAborted(signal: AbortSignal, fn: () => void): void {
  signal.addEventListener('abort', fn, { once: true });
}
