import { hash } from 'node:crypto';
import type { OrderEvent } from '#lib/contract/event.ts';
import { integer, pick, type Source, stream } from '#lib/random.ts';
import {
  type CorruptedLine,
  listFields,
  negatePrice,
  nullField,
  setUnknownType,
  setWrongType,
  truncate,
} from './corrupt.ts';
import { type FaultKind, selectFault } from './fault-kinds.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { FaultRecord } from './manifest.ts';

const MINUTE = 60_000;

/**
 * One time that an event is sent. Without `line` it is missing: recorded as a fault, never sent. A `late` one is held
 * back until the watermark has passed it.
 */
export type Emission = {
  delayMs: number;
  late?: true;
  line?: string;
  fault?: Omit<FaultRecord, 'line' | 'delay_ms'>;
};

/** How an event is sent: unchanged, corrupted, delayed, repeated, or not at all. `at` is its time in epoch ms. */
export function injectFaults(event: OrderEvent, at: number, plan: FaultPlan): Emission[] {
  const source = createLazySource(() => stream(plan.seed, 'fault', event.event_id));
  const nulls = drawNulls(event, plan.dq, source);
  if (nulls) return [{ delayMs: 0, line: nulls.line, fault: describe(event, 'null-field', nulls.field) }];
  const kind = selectFault(
    plan.ratesAt(at),
    drawPoint(plan.seed, event.event_id),
    event.event_type === 'order_created',
  );
  const emissions = emit(event, kind, source);
  const scenario = plan.duplicatesAt(at);
  if (kind !== undefined || scenario === undefined) return emissions;
  const copies = Array.from({ length: integer(source, 1, 3) }, () => duplicate(event, source, scenario));
  return [...emissions, ...copies];
}

/**
 * A uniform number in [0, 1) that selects the fault. Every event needs one and most need nothing else, so it is a
 * single short hash instead of a random stream.
 */
function drawPoint(seed: number, eventId: string): number {
  return Number.parseInt(hash('md5', `fault ${seed} ${eventId}`).slice(0, 13), 16) / 2 ** 52;
}

function createLazySource(open: () => Source): Source {
  let source: Source | undefined;
  return () => {
    source ??= open();
    return source();
  };
}

function emit(event: OrderEvent, kind: FaultKind | undefined, source: Source): Emission[] {
  const line = JSON.stringify(event);
  if (kind === undefined) return [{ delayMs: 0, line }];
  const fault = describe(event, kind);
  switch (kind) {
    case 'duplicate':
      return [{ delayMs: 0, line }, duplicate(event, source)];
    case 'out-of-order':
      return [{ delayMs: integer(source, MINUTE, 60 * MINUTE), line, fault }];
    case 'late':
      return [{ delayMs: integer(source, 60 * MINUTE + 1, 120 * MINUTE), late: true, line, fault }];
    case 'missing':
      return [{ delayMs: 0, fault }];
    default: {
      const corrupted = corrupt[kind](event, source);
      return [{ delayMs: 0, line: corrupted.line, fault: describe(event, kind, corrupted.field) }];
    }
  }
}

type CorruptingKind = 'null-field' | 'wrong-type' | 'truncated-json' | 'unknown-type' | 'negative-price';
const corrupt: Record<CorruptingKind, (event: OrderEvent, source: Source) => CorruptedLine> = {
  'null-field': (event, source) => nullField(event, pick(source, listFields(event))),
  'wrong-type': setWrongType,
  'truncated-json': truncate,
  'unknown-type': setUnknownType,
  'negative-price': negatePrice,
};

function duplicate(event: OrderEvent, source: Source, scenario?: string): Emission {
  const fault = { ...describe(event, 'duplicate'), ...(scenario === undefined ? {} : { scenario }) };
  return { delayMs: integer(source, 0, 30 * MINUTE), line: JSON.stringify(event), fault };
}

/** Applies the null rates of the location's config. */
function drawNulls(event: OrderEvent, dq: FaultPlan['dq'], source: Source): CorruptedLine | undefined {
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

function describe(event: OrderEvent, fault: FaultKind, field?: string): NonNullable<Emission['fault']> {
  const { event_id, event_type, order_id } = event;
  return { fault, event_id, event_type, order_id, ...(field ? { field } : {}) };
}
