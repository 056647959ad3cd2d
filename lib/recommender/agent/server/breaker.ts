import type { Clock } from '#lib/clock.ts';
import type { Source } from '#lib/random.ts';

export type BreakerOptions = {
  clock: Clock;
  random: Source;
  /** So many failures in a row open it. */
  threshold?: number;
  /** How long it stays open the first time; each further time twice as long, up to `maxPauseMs`. */
  firstPauseMs?: number;
  maxPauseMs?: number;
};

/** When to ask again while the outcome of the one probing request is open. */
const PROBE_MS = 1_000;

/** Whether a request may go now; if not, when to ask again. */
export type Admission = { admitted: true } | { admitted: false; retryAt: Date };

/**
 * Sends no requests to a server that keeps failing: after several failures in a row it opens for a pause, then admits
 * one probing request. If that succeeds, all requests are admitted again; if it fails, the next pause is longer.
 */
export class Breaker {
  private readonly options: Required<BreakerOptions>;
  private failures = 0;
  private pauses = 0;
  private openUntil: number | undefined;
  private probing = false;

  constructor(options: BreakerOptions) {
    this.options = { threshold: 5, firstPauseMs: 5_000, maxPauseMs: 120_000, ...options };
  }

  admit(): Admission {
    const retryAt = this.pausedUntil();
    if (retryAt) return { admitted: false, retryAt };
    this.probing = this.openUntil !== undefined;
    return { admitted: true };
  }

  /** Until when nothing is admitted; undefined where a request may go. */
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

  /** Reports a failure; `waitMs` is a wait that the server itself asked for. */
  fail(waitMs = 0): void {
    const now = this.options.clock.now();
    this.failures += 1;
    const wasOpen = this.openUntil !== undefined;
    if (!this.probing && wasOpen) return;
    if (!this.probing && this.failures < this.options.threshold && waitMs === 0) return;
    this.probing = false;
    this.openUntil = now.getTime() + Math.max(waitMs, this.nextPause());
  }

  /** Returns an admission whose request was not sent or was stopped: it says nothing about the server. */
  release(): void {
    this.probing = false;
  }

  /** Between half of the pause and all of it, so that several workers do not return together. */
  private nextPause(): number {
    const { firstPauseMs, maxPauseMs, random } = this.options;
    const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** this.pauses);
    this.pauses += 1;
    return pause * (0.5 + random() / 2);
  }
}
