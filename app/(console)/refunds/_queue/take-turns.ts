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
  let leading: { claim: Claim; stop: AbortController } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function claim() {
    const mine = { claimedAt: performance.timeOrigin + performance.now(), tie: Math.random() };
    leading = { claim: mine, stop: new AbortController() };
    channel.postMessage(mine);
    lead(leading.stop.signal);
  }
  function stop() {
    leading?.stop.abort();
    leading = undefined;
  }
  channel.onmessage = ({ data }: MessageEvent<Claim | null>) => {
    clearTimeout(timer);
    if (!data) timer = setTimeout(claim, Math.random() * TAKEOVER_MS);
    else if (leading && isNewer(data, leading.claim)) stop();
    // The other tab may have opened its channel after this claim was posted.
    else if (leading) channel.postMessage(leading.claim);
  };
  whenAborted(signal, () => {
    clearTimeout(timer);
    // Only the leading tab leaves a place to take.
    if (leading) channel.postMessage(null);
    stop();
    channel.close();
  });
  claim();
}

/** When a tab claimed to lead, in milliseconds; `tie` keeps two claims of one instant apart. */
type Claim = { claimedAt: number; tie: number };

function isNewer(a: Claim, b: Claim): boolean {
  return a.claimedAt === b.claimedAt ? a.tie > b.tie : a.claimedAt > b.claimedAt;
}

function whenAborted(signal: AbortSignal, fn: () => void): void {
  signal.addEventListener('abort', fn, { once: true });
}
