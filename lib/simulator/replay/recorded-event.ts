import { hash } from 'node:crypto';
import type { EventType, OrderEvent } from '#lib/contract/event.ts';
import { formatTimestamp } from '#lib/contract/timestamp.ts';
import { OperatorError } from '#lib/errors.ts';
import type { Recording } from './recording.ts';

/** By event_type_id, from 1. */
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

/** Where a recorded event happened, as its replay says it. */
export type ReplayOrigin = { gkId: string; location: string; locationId: number };

/** The type of a row. @throws OperatorError where its id is none of 1 to 8. */
export function typeOfRow(recording: Recording, row: number): EventType {
  const id = recording.count('event_type_id', row);
  const type = types[id - 1];
  if (type) return type;
  throw new OperatorError(`${recording.file} row ${row + 1}: event_type_id is ${id}, but goes from 1 to 8.`);
}

/** A row as an event at `at` (epoch ms). Later loops have orders of their own: their ids end in -L1, -L2 and so on. */
export function describeRow(
  recording: Recording,
  row: number,
  at: number,
  loop: number,
  origin: ReplayOrigin,
): OrderEvent {
  const type = typeOfRow(recording, row);
  const orderId = `${String(recording.value('order_id', row))}${loop > 0 ? `-L${loop}` : ''}`;
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
    body: describeBody(type, recording, row),
  };
}

/** Recorded JSON goes into the body as it is: what is broken in it is the pipeline's to find. */
function describeBody(type: EventType, recording: Recording, row: number): string {
  const number = (column: Parameters<Recording['value']>[0]) => formatNumber(recording.value(column, row));
  const json = (column: 'items_json' | 'route_json') => String(recording.value(column, row) ?? 'null');
  switch (type) {
    case 'order_created': {
      const address = JSON.stringify(recording.value('customer_addr', row) ?? null);
      const place = `"customer_lat":${number('customer_lat')},"customer_lon":${number('customer_lon')}`;
      return `{${place},"customer_addr":${address},"items":${json('items_json')}}`;
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

/** Recorded in single precision, which has six decimals of a degree at most. */
function formatNumber(value: unknown): string {
  return typeof value === 'number' && Number.isFinite(value) ? String(Math.round(value * 1e6) / 1e6) : 'null';
}
