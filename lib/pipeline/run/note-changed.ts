import type { Connection, Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import { recordEvent } from '../event-log/record-event.ts';
import type { BatchLimits } from '../parse/reader/read-files.ts';
import { findChanged } from './find-changed.ts';

/** Every taken file is looked at once in this time. */
const EVERY_MS = 60_000;

type Run = {
  db: Pick<Database, 'pool'>;
  volume: string;
  limits: BatchLimits;
  clock: Clock;
  told: Set<string>;
  say(message: string): void;
};

/**
 * Says, once and in the log too, which files were written again after they were taken: what they held then counts,
 * what they hold now is not read. @param checkedAt when that was last done. @returns when it was.
 */
export async function noteChanged(
  connection: Connection,
  { db, volume, limits, clock, told, say }: Run,
  checkedAt: number | undefined,
): Promise<number> {
  const at = clock.now();
  if (checkedAt !== undefined && at.getTime() - checkedAt < EVERY_MS) return checkedAt;
  for (const { name, takenSize, size } of await findChanged(db.pool, volume, limits.maxFileBytes)) {
    const message = `${name} has changed since it was taken (${takenSize} bytes then, ${size} now); what it held then counts. Give what is new another name to have it taken.`;
    if (told.has(message)) continue;
    told.add(message);
    say(message);
    await recordEvent(connection, { at, level: 'warn', type: 'file_changed', message });
  }
  return at.getTime();
}
