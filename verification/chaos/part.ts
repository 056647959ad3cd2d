import type { Lab } from './lab.ts';

/** What a part works with: the same seed makes the same events and the same choices. */
export type ChaosContext = {
  lab: Lab;
  seed: number;
  /** How often the part does its harm. */
  times: number;
  signal: AbortSignal;
  /** Talk for people. */
  say(message: string): void;
};

/** What a part did and found; no problem is the goal, and `skipped` says why it could not be tried. */
export type ChaosOutcome = {
  figures: Record<string, number>;
  problems: string[];
  skipped?: string;
};

/** One way of harm. `goal` is what must hold after it, `times` how often the long form does it, `short` the tests. */
export type ChaosPart = {
  goal: string;
  times: number;
  short: number;
  run(context: ChaosContext): Promise<ChaosOutcome>;
};
