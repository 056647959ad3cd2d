import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Database } from '#db/client.ts';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { refundClasses } from '#lib/contract/refund.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { formatFileName, writeFileAtomically } from '#lib/volume/index.ts';
import { drainVolume } from '../setup/drain-volume.ts';
import { centsText, type LabelledCase, readLines } from './labels.ts';

/** Minutes and seconds, "38:01". */
const duration = z
  .string()
  .regex(/^\d{2,4}:[0-5]\d$/)
  .transform((text) => {
    const [minutes = 0, seconds = 0] = text.split(':').map(Number);
    return minutes * 60 + seconds;
  });

/** The other deliveries of a location: how many, how long each took, and how many hours before the order they ended. */
const kitchensSchema = z.record(
  z.string(),
  z.strictObject({
    is: z.string(),
    others: z.array(z.tuple([z.int().min(1), duration], z.number().min(0))),
  }),
);
export type Kitchens = z.infer<typeof kitchensSchema>;

const judgedCaseSchema = z.strictObject({
  id: z.string().min(1),
  kind: z.string().regex(/^[a-z_]+$/),
  facts: z.strictObject({
    kitchen: z.string(),
    /** From created to delivered; null where it was never delivered. */
    took: duration.nullable(),
    total_usd: centsText,
    items: z.array(z.string()).min(1).optional(),
    note: z.string().optional(),
  }),
  label: z.strictObject({
    classes: z.array(z.enum(refundClasses)).min(1),
    min_usd: centsText,
    max_usd: centsText,
  }),
  because: z.string().min(1),
});
export type JudgedCase = z.infer<typeof judgedCaseSchema>;
export type JudgedSet = { kitchens: Kitchens; judged: JudgedCase[]; cases: LabelledCase[] };

const folder = join(import.meta.dirname, 'judged');
const NOON = Date.parse('2026-06-20T12:00:00Z');
const MINUTE = 60_000;
/** Orders that were never delivered were placed so long before noon: three hours are their time, three how far their own location must have gone on after it. */
const UNDELIVERED_MINUTES = 420;

/** The committed cases that people judged, in the order of their file. */
export function readJudgedSet(): JudgedSet {
  const kitchens = kitchensSchema.parse(JSON.parse(readFileSync(join(folder, 'kitchens.json'), 'utf8')));
  const judged = readLines(join(folder, 'cases.jsonl'), judgedCaseSchema);
  return { kitchens, judged, cases: judged.map(toCase) };
}

function toCase({ id, kind, facts, label, because }: JudgedCase): LabelledCase {
  const { classes, min_usd: minCents, max_usd: maxCents } = label;
  const note = facts.note ?? null;
  return {
    part: 'judged',
    kind,
    orderId: orderIdOf(id),
    note,
    label: { classes, minCents, maxCents },
    because,
  };
}

/** A model sees the id of an order, so it must not say what the case is about. */
export function orderIdOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8).toUpperCase();
}

/** Loads the cases into an empty database: their events go through the pipeline as those of any kitchen. */
export async function loadJudged(
  db: Database,
  volume: string,
  set: Omit<JudgedSet, 'cases'>,
  signal: AbortSignal,
): Promise<void> {
  const events = writeEvents(set);
  const content = events.map((event) => `${JSON.stringify(event)}\n`).join('');
  await writeFileAtomically(volume, formatFileName(new Date(NOON), 'judged'), content);
  const { quarantined } = await drainVolume({ db, volume, signal });
  if (quarantined > 0) throw new Error(`${quarantined} events of the judged cases were quarantined`);
}

type Placed = { orderId: string; location: string; from: number; to: number | null; lines: object[] };

/** The events of all cases and their kitchens, and those of a last order, with which the time of the others is up. */
export function writeEvents({ kitchens, judged }: Omit<JudgedSet, 'cases'>): OrderEvent[] {
  const orders = judged.flatMap((one) => placeOrders(one, kitchens[one.facts.kitchen]));
  const last = {
    orderId: 'LAST',
    location: 'kitchen_last',
    from: NOON + 8 * 60 * MINUTE,
    lines: linesOf(['Soup'], 1000),
  };
  return [...orders, { ...last, to: last.from + 20 * MINUTE }]
    .flatMap(toEvents)
    .sort((a, b) => (a.ts < b.ts ? -1 : 1));
}

function placeOrders({ id, facts }: JudgedCase, kitchen: Kitchens[string] | undefined): Placed[] {
  if (!kitchen) throw new Error(`${id} is of an unknown kitchen`);
  const orderId = orderIdOf(id);
  const location = `kitchen_${orderId.toLowerCase()}`;
  const others = kitchen.others.flatMap(([count, seconds, hours = 0], group) =>
    Array.from({ length: count }, (_, nth): Placed => {
      const to = NOON - hours * 60 * MINUTE - nth * MINUTE;
      return {
        orderId: `${orderId}-${group}-${nth}`,
        location,
        from: to - seconds * 1000,
        to,
        lines: linesOf(['Soup'], 2000),
      };
    }),
  );
  const lines = linesOf(facts.items ?? ['Dinner'], facts.total_usd);
  const { took } = facts;
  const own =
    took === null
      ? { from: NOON - UNDELIVERED_MINUTES * MINUTE, to: null }
      : { from: NOON - took * 1000, to: NOON };
  return [...others, { orderId, location, ...own, lines }];
}

/** Lines that add up to the total: the first has what the others leave. */
function linesOf(names: string[], totalCents: number): object[] {
  const each = Math.floor(totalCents / names.length);
  const first = totalCents - each * (names.length - 1);
  return names.map((name, at) => ({ id: at + 1, name, price: (at === 0 ? first : each) / 100, qty: 1 }));
}

function toEvents({ orderId, location, from, to, lines }: Placed): OrderEvent[] {
  const event = (event_type: EventType, at: number, sequence: number, body: object): OrderEvent => ({
    event_id: `${orderId}-${sequence}`,
    event_type,
    ts: formatTimestamp(at),
    gk_id: location,
    location,
    location_id: 1,
    order_id: orderId,
    sequence,
    body: JSON.stringify(body),
  });
  const created = event('order_created', from, 0, { items: lines });
  return to === null ? [created] : [created, event('delivered', to, 6, {})];
}
