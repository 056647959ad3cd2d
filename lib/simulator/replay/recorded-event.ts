import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { OperatorError } from '#lib/errors.ts';
import type { Recording } from './recording.ts';

/** Indexed by event_type_id - 1. */
const types: readonly EventType[] = [
  'order_created',
  'gk_started',
  'gk_finished',
  'gk_ready',
  'driver_arrived',
  'driver_picked_up',
  'driver_ping',
  'delivered',
];

/** The location fields of replayed events. */
export type ReplayOrigin = { gkId: string; location: string; locationId: number };

/** The type of a row. @throws OperatorError where its id is not from 1 to 8. */
export function typeOfRow(recording: Recording, row: number): EventType {
  const id = recording.count('event_type_id', row);
  const type = types[id - 1];
  if (type) return type;
  throw new OperatorError(
    `${recording.file} row ${row + 1}: event_type_id is ${id}, but must be from 1 to 8.`,
  );
}

/** A row as an event at `at` (epoch ms). Later cycles have their own orders: their ids end in -L1, -L2 and so on. */
export function toReplayedEvent(
  recording: Recording,
  row: number,
  { at, cycle, origin }: { at: number; cycle: number; origin: ReplayOrigin },
): OrderEvent {
  const type = typeOfRow(recording, row);
  const orderId = `${String(recording.value('order_id', row))}${cycle > 0 ? `-L${cycle}` : ''}`;
  const sequence = recording.count('sequence', row);
  return {
    event_id: hash('md5', `${orderId}:${sequence}:${type}`),
    event_type: type,
    ts: formatTimestamp(at),
    gk_id: origin.gkId,
    location: origin.location,
    location_id: origin.locationId,
    order_id: orderId,
    sequence,
    body: formatBody(type, recording, row),
  };
}

/** Recorded JSON is copied into the body unchanged: the pipeline checks it. */
function formatBody(type: EventType, recording: Recording, row: number): string {
  const number = (column: Parameters<Recording['value']>[0]) => formatNumber(recording.value(column, row));
  const json = (column: 'items_json' | 'route_json') => String(recording.value(column, row) ?? 'null');
  switch (type) {
    case 'order_created': {
      const address = JSON.stringify(recording.value('customer_addr', row) ?? null);
      const coordinates = `"customer_lat":${number('customer_lat')},"customer_lon":${number('customer_lon')}`;
      return `{${coordinates},"customer_addr":${address},"items":${json('items_json')}}`;
    }
    case 'driver_picked_up':
      return `{"route_points":${json('route_json')}}`;
    case 'driver_ping':
      return `{"progress_pct":${number('ping_progress')},"loc_lat":${number('ping_lat')},"loc_lon":${number('ping_lon')}}`;
    case 'delivered':
      return `{"delivered_lat":${number('customer_lat')},"delivered_lon":${number('customer_lon')}}`;
    default:
      return '{}';
  }
}

/** Rounds to six decimals: the recording is in single precision. */
function formatNumber(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(Math.round(value * 1e6) / 1e6) : 'null';
}
