import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { integer, pick, type Source, stream } from '#lib/random.ts';
import {
  listFields,
  negatePrice,
  nullField,
  renameType,
  type Spoiled,
  spoilType,
  truncate,
} from './corrupt.ts';
import { drawFault, type FaultKind, type FaultRates } from './kinds.ts';
import type { FaultRecord } from './manifest.ts';

const MINUTE = 60_000;

/** What befalls the events of one location; chance follows from seed and event alone. */
export type Hazards = {
  seed: number;
  /** The location's own: the share of events of a type in which a field is null. */
  dq: Partial<Record<EventType, Record<string, number>>>;
  /** The rates for an event at an instant (epoch ms). */
  ratesAt(at: number): FaultRates;
  /** The scenario at an instant in which every event comes again, if there is one. */
  duplicatesAt(at: number): string | undefined;
};

/** One appearance of an event. Without `line` it never comes; `late` ones come when the watermark has passed. */
export type Delivery = {
  delayMs: number;
  late?: true;
  line?: string;
  fault?: Omit<FaultRecord, 'line' | 'delay_ms'>;
};

/** How an event comes: as it is, spoiled, later, again, or never. `at` is its time in epoch ms. */
export function injectFaults(event: OrderEvent, at: number, hazards: Hazards): Delivery[] {
  const source = lazily(() => stream(hazards.seed, 'fault', event.event_id));
  const nulls = drawNulls(event, hazards.dq, source);
  if (nulls) return [{ delayMs: 0, line: nulls.line, fault: describe(event, 'null-field', nulls.field) }];
  const point = drawPoint(hazards.seed, event.event_id);
  const kind = drawFault(hazards.ratesAt(at), point, event.event_type === 'order_created');
  const first = deliver(event, kind, source);
  const scenario = hazards.duplicatesAt(at);
  if (kind !== undefined || scenario === undefined) return first;
  const copies = Array.from({ length: integer(source, 1, 3) }, () => copy(event, source, scenario));
  return [...first, ...copies];
}

/** Uniform in [0, 1). Every event is asked, most only this, so it is one short hash and no stream. */
function drawPoint(seed: number, eventId: string): number {
  return Number.parseInt(hash('md5', `fault ${seed} ${eventId}`).slice(0, 13), 16) / 2 ** 52;
}

function lazily(open: () => Source): Source {
  let source: Source | undefined;
  return () => {
    source ??= open();
    return source();
  };
}

function deliver(event: OrderEvent, kind: FaultKind | undefined, source: Source): Delivery[] {
  const line = JSON.stringify(event);
  if (kind === undefined) return [{ delayMs: 0, line }];
  const fault = describe(event, kind);
  switch (kind) {
    case 'duplicate':
      return [{ delayMs: 0, line }, copy(event, source)];
    case 'out-of-order':
      return [{ delayMs: integer(source, MINUTE, 60 * MINUTE), line, fault }];
    case 'late':
      return [{ delayMs: integer(source, 60 * MINUTE + 1, 120 * MINUTE), late: true, line, fault }];
    case 'missing':
      return [{ delayMs: 0, fault }];
    default: {
      const spoiled = spoil[kind](event, source);
      return [{ delayMs: 0, line: spoiled.line, fault: describe(event, kind, spoiled.field) }];
    }
  }
}

type Spoiling = 'null-field' | 'wrong-type' | 'truncated-json' | 'unknown-type' | 'negative-price';
const spoil: Record<Spoiling, (event: OrderEvent, source: Source) => Spoiled> = {
  'null-field': (event, source) => nullField(event, pick(source, listFields(event))),
  'wrong-type': spoilType,
  'truncated-json': truncate,
  'unknown-type': renameType,
  'negative-price': negatePrice,
};

function copy(event: OrderEvent, source: Source, scenario?: string): Delivery {
  const fault = { ...describe(event, 'duplicate'), ...(scenario === undefined ? {} : { scenario }) };
  return { delayMs: integer(source, 0, 30 * MINUTE), line: JSON.stringify(event), fault };
}

function drawNulls(event: OrderEvent, dq: Hazards['dq'], source: Source): Spoiled | undefined {
  const fields = Object.entries(dq[event.event_type] ?? {})
    .filter(([, share]) => source() < share)
    .map(([name]) => (name in event || name.startsWith('body.') ? name : `body.${name}`))
    .filter((name) => listFields(event).includes(name));
  const [first] = fields;
  if (first === undefined) return undefined;
  const line = fields
    .slice(1)
    .reduce<string>((text, field) => nullField(JSON.parse(text), field).line, nullField(event, first).line);
  return { line, field: fields.join(',') };
}

function describe(event: OrderEvent, fault: FaultKind, field?: string): NonNullable<Delivery['fault']> {
  const { event_id, event_type, order_id } = event;
  return { fault, event_id, event_type, order_id, ...(field ? { field } : {}) };
}
