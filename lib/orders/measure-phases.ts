import type { LifecycleType } from '#lib/contract/event.ts';
import type { TimelineEvent } from './order-events.ts';

export const phaseNames = ['kitchen_queue', 'cooking', 'packing', 'waiting_for_driver', 'drive'] as const;
export type PhaseName = (typeof phaseNames)[number];

export const phaseLabels: Record<PhaseName, string> = {
  kitchen_queue: 'Kitchen queue',
  cooking: 'Cooking',
  packing: 'Packing',
  waiting_for_driver: 'Waiting for the driver',
  drive: 'Drive',
};

/** Phase number i lies between the borders i and i + 1. */
export const borderTypes = [
  'order_created',
  'gk_started',
  'gk_finished',
  'gk_ready',
  'driver_picked_up',
  'delivered',
] as const satisfies readonly LifecycleType[];
type Border = { index: number; type: LifecycleType; ts: string };

/**
 * The time between two known borders. `names` has more than one phase where the event between them is
 * missing. `toTs` and `minutes` are null while the phase is under way. `pings` counts those within.
 */
export type Phase = {
  names: PhaseName[];
  label: string;
  fromTs: string;
  toTs: string | null;
  minutes: number | null;
  pings: number;
};

/** `missing`: borders without an event. `outOfOrder`: borders whose time contradicts the others, and which are ignored. */
export type PhaseReport = {
  phases: Phase[];
  missing: LifecycleType[];
  outOfOrder: LifecycleType[];
};

/**
 * Splits an order's time into its phases, which join without gaps, so that their minutes add up to the whole.
 * @param events in time order, as `listOrderEvents` returns them; the first event of a type counts.
 */
export function measurePhases(events: readonly TimelineEvent[]): PhaseReport {
  const known = borderTypes.flatMap((type, index): Border[] => {
    const event = events.find((candidate) => candidate.type === type);
    return event ? [{ index, type, ts: event.ts }] : [];
  });
  const kept = longestInOrder(known);
  const pings = events.filter((event) => event.type === 'driver_ping').map((event) => event.ts);
  return {
    phases: kept.flatMap((from, at) => toPhase(from, kept[at + 1], pings)),
    missing: borderTypes.filter((type) => !known.some((border) => border.type === type)),
    outOfOrder: known.filter((border) => !kept.includes(border)).map((border) => border.type),
  };
}

/** The largest set of borders whose times do not run backwards; of equally large sets, the one with the earlier borders. */
function longestInOrder(known: Border[]): Border[] {
  const best: Border[][] = [];
  for (const border of known) {
    const before = best
      .filter((chain) => (chain.at(-1)?.ts ?? '') <= border.ts)
      .reduce<Border[]>((longest, chain) => (chain.length > longest.length ? chain : longest), []);
    best.push([...before, border]);
  }
  return best.reduce<Border[]>((longest, chain) => (chain.length > longest.length ? chain : longest), []);
}

function toPhase(from: Border, to: Border | undefined, pings: string[]): Phase[] {
  const names = to ? phaseNames.slice(from.index, to.index) : phaseNames.slice(from.index, from.index + 1);
  if (names.length === 0) return [];
  return [
    {
      names,
      label: names.map((name) => phaseLabels[name]).join(' + '),
      fromTs: from.ts,
      toTs: to?.ts ?? null,
      minutes: to ? (Date.parse(to.ts) - Date.parse(from.ts)) / 60_000 : null,
      pings: pings.filter((ts) => ts > from.ts && (!to || ts <= to.ts)).length,
    },
  ];
}
