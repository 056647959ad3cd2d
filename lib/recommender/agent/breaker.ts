import type { Clock } from '#lib/clock.ts';
import type { Source } from '#lib/random.ts';

export type BreakerOptions = {
  clock: Clock;
  random: Source;
  /** Failures in a row that open it. */
  threshold?: number;
  /** How long it stays open the first time; each further time twice as long, up to `longestMs`. */
  firstPauseMs?: number;
  longestMs?: number;
};

/** When to look again for the outcome of the one request that is under way. */
const PROBE_MS = 1_000;

/** Whether a request may go now; if not, when to ask again. */
export type Admission = { admitted: true } | { admitted: false; retryAt: Date };

/**
 * Keeps requests from a server that fails: after a row of failures none goes until a pause is over, then one, on
 * whose outcome it depends. A first success lets all go again at once.
 */
export class Breaker {
  private readonly options: Required<BreakerOptions>;
  private failures = 0;
  private pauses = 0;
  private openUntil: number | undefined;
  private probing = false;

  constructor(options: BreakerOptions) {
    this.options = { threshold: 5, firstPauseMs: 5_000, longestMs: 120_000, ...options };
  }

  admit(): Admission {
    const retryAt = this.pausedUntil();
    if (retryAt) return { admitted: false, retryAt };
    this.probing = this.openUntil !== undefined;
    return { admitted: true };
  }

  /** Until when nothing is sent; undefined where a request may go. */
  pausedUntil(): Date | undefined {
    if (this.openUntil === undefined) return undefined;
    const now = this.options.clock.now().getTime();
    if (now < this.openUntil) return new Date(this.openUntil);
    return this.probing ? new Date(now + PROBE_MS) : undefined;
  }

  succeed(): void {
    this.failures = 0;
    this.pauses = 0;
    this.openUntil = undefined;
    this.probing = false;
  }

  /** Notes a failure; `waitMs` is a wait that the server itself asked for. */
  fail(waitMs = 0): void {
    const now = this.options.clock.now();
    this.failures += 1;
    const wasOpen = this.openUntil !== undefined;
    if (!this.probing && wasOpen) return;
    if (!this.probing && this.failures < this.options.threshold && waitMs === 0) return;
    this.probing = false;
    this.openUntil = now.getTime() + Math.max(waitMs, this.nextPause());
  }

  /** Gives back an admission whose request never went or was stopped: it says nothing about the server. */
  release(): void {
    this.probing = false;
  }

  /** Between half of the pause and all of it, so that several workers do not come back together. */
  private nextPause(): number {
    const { firstPauseMs, longestMs, random } = this.options;
    const pause = Math.min(longestMs, firstPauseMs * 2 ** this.pauses);
    this.pauses += 1;
    return pause * (0.5 + random() / 2);
  }
}
