import { integer, pick, type Source } from '#lib/random.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** When the first orders are placed. */
export const START = Date.parse('2026-10-01T00:00:00Z');
/** The files of a world come in so many phases, each followed by the pipeline and the recommender. */
export const PHASES = 5;
/** Of the locations, the last falls silent after the first phase; null is an order without a location. */
export const locations = ['sf', 'sv', 'silent', null] as const;

/** An event as it is written; `broken` is what is written in its place, and what becomes of that record. */
export type SequenceEvent = {
  event_id: string;
  event_type: 'order_created' | 'delivered' | 'gk_ready';
  order_id: string;
  ts: string;
  location: string | null;
  sequence: number;
  body: { items?: { price: number; qty: number }[] };
};
export type Arrival = { event: SequenceEvent; phase: number; broken?: { text: string; fate: Fate } };
/** What a person does with a broken record after a phase; it waits until then, or for good. */
export type Fate = { does: 'replay' | 'drop'; phase: number } | { does: 'nothing' };

/** The events of one order in the order of their phases, with faults, repetitions and delays. */
export function makeSequence(random: Source, orderId: string): Arrival[] {
  const location = pick(random, locations);
  const placed = START + integer(random, 0, 12 * 60) * MINUTE;
  let made = 0;
  const arrive = (
    event_type: SequenceEvent['event_type'],
    at: number,
    body: SequenceEvent['body'],
  ): Arrival => {
    made += 1;
    const where = random() < 0.03 ? pick(random, locations) : location;
    const event = {
      ...{ event_id: `${orderId}-${integer(random, 0, 9)}-${made}`, event_type, order_id: orderId },
      ...{ ts: new Date(at).toISOString(), location: where, sequence: made, body },
    };
    // Deliveries come late and broken more often: those decide whether an order is called undelivered.
    const isDelivery = event_type === 'delivered';
    const phase = random() < (isDelivery ? 0.5 : 0.7) ? phaseOf(at) : integer(random, 0, PHASES - 1);
    return random() < (isDelivery ? 0.35 : 0.15)
      ? { event, phase, broken: breakEvent(random, event, phase) }
      : { event, phase };
  };
  const creations = Array.from({ length: random() < 0.2 ? 2 : 1 }, (_, n) =>
    arrive('order_created', placed + n * integer(random, -90, 90) * MINUTE, { items: makeItems(random) }),
  );
  const deliveries = Array.from({ length: pick(random, [0, 0, 1, 1, 1, 2]) }, () =>
    arrive('delivered', placed + integer(random, -10, 150) * MINUTE + integer(random, 0, 59_999), {}),
  );
  const arrivals = [...creations, ...deliveries, arrive('gk_ready', placed + 9 * MINUTE, {})];
  const again = arrivals.filter(() => random() < 0.1).map(({ event }) => ({ event, phase: PHASES - 1 }));
  return [...arrivals, ...again];
}

/** A phase every four hours of event time; what is later comes with the last. */
const phaseOf = (at: number) => Math.min(Math.max(Math.floor((at - START) / (4 * HOUR)), 0), PHASES - 1);

function makeItems(random: Source): { price: number; qty: number }[] {
  return Array.from({ length: integer(random, 1, 3) }, () => ({
    price: integer(random, 0, 4000) / 100,
    qty: integer(random, 1, 3),
  }));
}

/** A record that is cut off, or breaks a rule, and still names its order. */
function breakEvent(random: Source, event: SequenceEvent, phase: number): Arrival['broken'] {
  const whole = JSON.stringify(event);
  const text = pick(random, [
    whole.slice(0, whole.indexOf('"ts"')),
    JSON.stringify({ ...event, ts: 'soon' }),
    JSON.stringify({ ...event, sequence: -1 }),
  ]);
  const later = integer(random, phase, PHASES - 1);
  return {
    text,
    fate: pick(random, [
      { does: 'replay', phase: later },
      { does: 'replay', phase: later },
      { does: 'drop', phase: later },
      { does: 'nothing' },
    ]),
  };
}

/** Events that move the clocks of the locations: by six hours with each phase, but for the silent one. */
export function makeClockEvents(phase: number, world: string): SequenceEvent[] {
  const at = new Date(START + (phase + 1) * 6 * HOUR).toISOString();
  return locations
    .filter((location) => phase === 0 || location !== 'silent')
    .map((location) => ({
      ...{ event_id: `${world}-clock-${phase}-${location}`, event_type: 'gk_ready' },
      ...{ order_id: `${world}-clock-${location}`, ts: at, location, sequence: 0, body: {} },
    }));
}
