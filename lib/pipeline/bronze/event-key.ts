import { hash } from 'node:crypto';

/** The key by which an event counts once: the md5 of its event_id, 16 bytes, as `lakeflow.event_key` has it. */
export function eventKey(eventId: string): Buffer {
  return hash('md5', eventId, 'buffer');
}
