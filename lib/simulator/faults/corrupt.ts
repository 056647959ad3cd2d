import type { OrderEvent } from '#lib/contract/event.ts';
import { integer, pick, type Source } from '#lib/random.ts';

/** A corrupted line, and the field that is wrong. */
export type CorruptedLine = { line: string; field: string };

type JsonObject = Record<string, unknown>;

const wrongValues: Readonly<Record<string, unknown[]>> = {
  event_id: [17, ['e']],
  ts: [1_773_000, true, 'yesterday'],
  order_id: [42, { id: 'A' }],
  sequence: ['three', 1.5, -1],
  location_id: ['one', 0.5],
  gk_id: [7],
  body: [3, [], 'not json'],
};
const unknownTypes = ['driver_teleported', 'ORDER_CREATED', 'order_cancelled', ''];

/** Sets one field to null: a field of the envelope by its name, a field of the body as `body.name`. */
export function nullField(event: OrderEvent, field: string): CorruptedLine {
  if (!field.startsWith('body.')) return { line: JSON.stringify({ ...event, [field]: null }), field };
  const body: JsonObject = JSON.parse(event.body);
  return { line: withBody(event, { ...body, [field.slice(5)]: null }), field };
}

/** All fields of an event, those of its body as `body.name`. */
export function listFields(event: OrderEvent): string[] {
  const body: JsonObject = JSON.parse(event.body);
  return [...Object.keys(event), ...Object.keys(body).map((name) => `body.${name}`)];
}

export function setWrongType(event: OrderEvent, source: Source): CorruptedLine {
  const field = pick(source, Object.keys(wrongValues));
  return { line: JSON.stringify({ ...event, [field]: pick(source, wrongValues[field] ?? []) }), field };
}

export function truncate(event: OrderEvent, source: Source): CorruptedLine {
  const line = JSON.stringify(event);
  return { line: line.slice(0, integer(source, 1, line.length - 1)), field: '' };
}

export function setUnknownType(event: OrderEvent, source: Source): CorruptedLine {
  return { line: JSON.stringify({ ...event, event_type: pick(source, unknownTypes) }), field: 'event_type' };
}

export function negatePrice(event: OrderEvent, source: Source): CorruptedLine {
  const body: { items: { price: number }[] } & JsonObject = JSON.parse(event.body);
  const at = integer(source, 0, body.items.length - 1);
  const items = body.items.map((item, index) =>
    index === at ? { ...item, price: -Math.max(0.01, item.price) } : item,
  );
  return { line: withBody(event, { ...body, items }), field: `body.items[${at}].price` };
}

function withBody(event: OrderEvent, body: JsonObject): string {
  return JSON.stringify({ ...event, body: JSON.stringify(body) });
}
