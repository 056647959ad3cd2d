import type { OrderEvent } from '#lib/contract/event.ts';
import type { Source } from '#lib/random.ts';

/** A mutated file: its bytes, the events that must come of it, and whether anything goes to quarantine. */
export type MutatedFile = { bytes: Buffer; truth: object[]; quarantines: boolean };

/** One class of harm to a file of sound events. */
export type Mutation = (events: readonly OrderEvent[], random: Source) => MutatedFile;

/** The lines of events, as the simulator writes them. */
export function linesOf(events: readonly object[]): string[] {
  return events.map((event) => JSON.stringify(event));
}
