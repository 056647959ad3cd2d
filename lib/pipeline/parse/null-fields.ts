import { bodySchemas, type EventType, type OrderItem } from '#lib/contract/event.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of each type's body. */
const bodyFields = Object.fromEntries(
  Object.entries(bodySchemas).map(([type, { shape }]) => [type, Object.keys(shape)]),
) as Record<EventType, string[]>;

/** Whether an accepted envelope says that something is null; the other fields of an envelope cannot be. */
export function hasNullField(envelope: object): boolean {
  const { gk_id, location, location_id } = envelope as Fields;
  return gk_id === null || location === null || location_id === null;
}

/** Whether an accepted body, or one of its order lines, says that a field of the contract is null. */
export function hasNullInBody(type: EventType, body: object, items: readonly OrderItem[]): boolean {
  return bodyFields[type].some((field) => (body as Fields)[field] === null) || items.some(hasNullInItem);
}

function hasNullInItem({ id, category_id, menu_id, brand_id, name }: OrderItem): boolean {
  return id === null || category_id === null || menu_id === null || brand_id === null || name === null;
}
