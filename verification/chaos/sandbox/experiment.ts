import type { SandboxServer } from './sandbox.ts';

/** The inputs of an experiment: the same seed gives the same events and the same choices. */
export type ExperimentContext = {
  server: SandboxServer;
  seed: number;
  /** How often the fault is injected. */
  times: number;
  /** The time in seconds between two faults, for an experiment that has one; it has a default. */
  seconds?: number | undefined;
  signal: AbortSignal;
  /** Prints progress for people. */
  say(message: string): void;
};

/** What was measured and which expectations did not hold; `skipped` is the reason why the experiment could not run. */
export type Outcome = {
  figures: Record<string, number>;
  problems: string[];
  skipped?: string;
};

/** A kind of fault with what must hold after it: `times` in `npm run chaos`, `timesInTests` in the tests. */
export type Experiment = {
  goal: string;
  times: number;
  timesInTests: number;
  run(context: ExperimentContext): Promise<Outcome>;
};
