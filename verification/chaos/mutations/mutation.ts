import type { OrderEvent } from '#lib/contract/event.ts';
import type { Source } from '#lib/random.ts';

/** A mutated file: its bytes, the events that must be ingested from it, and whether any record must be quarantined. */
export type MutatedFile = { bytes: Buffer; expected: object[]; quarantines: boolean };

/** One way to mutate a file of valid events. */
export type Mutation = (events: readonly OrderEvent[], random: Source) => MutatedFile;

/** Events as the simulator writes them, one line each. */
export function linesOf(events: readonly object[]): string[] {
  return events.map((event) => JSON.stringify(event));
}
