import { pino } from 'pino';

export type Log = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error'>;

/** A structured log on stderr; stdout is for data. */
export function createLog(name: string, level: string): Log {
  return pino({ name, level, base: { name } }, pino.destination({ dest: 2, sync: true }));
}

export const silentLog: Log = pino({ level: 'silent' });
