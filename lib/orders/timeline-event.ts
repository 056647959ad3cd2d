import { bodySchemas, type EventBody, type EventType } from '#lib/contract/event.ts';

/** What is read of each body: the customer's address and place stay behind, `getDestination` returns them. */
const timelineBodies = {
  ...bodySchemas,
  order_created: bodySchemas.order_created.pick({ items: true }),
};

type TimelineBody<Type extends EventType> = Type extends 'order_created'
  ? Pick<EventBody<'order_created'>, 'items'>
  : EventBody<Type>;

type TimelineEnvelope = {
  eventId: string;
  /** ISO 8601 in UTC with microseconds. */
  ts: string;
  sequence: number;
  gkId: string | null;
  location: string | null;
  locationId?: number | null;
};

/** One event of an order, told apart by `type`. `body` is null where the stored text is not what its type promises. */
export type TimelineEvent = {
  [Type in EventType]: TimelineEnvelope & { type: Type; body: TimelineBody<Type> | null };
}[EventType];

/** Reads a row of bronze: the body comes as JSON, or as a string that holds JSON. */
export function parseTimelineEvent(
  type: EventType,
  envelope: TimelineEnvelope,
  body: unknown,
): TimelineEvent {
  const parsed = timelineBodies[type].safeParse(typeof body === 'string' ? parseJson(body) : body);
  // The schema was looked up by the same type, which the compiler cannot follow through the union.
  return { ...envelope, type, body: parsed.success ? parsed.data : null } as TimelineEvent;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
