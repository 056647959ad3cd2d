import type { Pool } from 'pg';
import type { TestDatabase } from '#db/testing.ts';
import { OperatorError } from '#lib/errors.ts';

/** What fails, the code of the answer and its HTTP status; every message has details that no client may see. */
export const failures: { what: string; code: string; status: number; error: Error }[] = [
  {
    what: 'wrong SQL',
    ...{ code: 'internal', status: 500 },
    error: databaseError('42601', 'syntax error at or near "hunter2" in refunds.refund_decisions'),
  },
  {
    what: 'a missing privilege',
    ...{ code: 'internal', status: 500 },
    error: databaseError('42501', 'permission denied for table hunter2, PostgreSQL 15.18'),
  },
  {
    what: 'a defect',
    ...{ code: 'internal', status: 500 },
    error: new TypeError("Cannot read properties of undefined (reading 'hunter2')"),
  },
  {
    what: 'a message for operators',
    ...{ code: 'internal', status: 500 },
    error: new OperatorError('postgres://caspers:hunter2@10.0.0.5/x is wrong'),
  },
  {
    what: 'no database',
    ...{ code: 'busy', status: 503 },
    error: databaseError('ECONNREFUSED', 'connect ECONNREFUSED 10.0.0.5:5432 hunter2'),
  },
];

/** Details of the database, the code or the machine. */
export const internalDetails =
  /hunter2|refund_decisions|10\.0\.0\.5|postgres|\bselect\b|\b42[56]01\b|parserOpenTable|node_modules|\.ts\b|\/(tmp|home|root|srv|work)\/|\bat .+:\d+|TypeError|OperatorError/i;

function databaseError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code, schema: 'hunter2', routine: 'parserOpenTable' });
}

/** Makes every query of the console fail with `getFailure()`, except those that contain `exempt`: who is asking. */
export function installFailingDatabase(db: TestDatabase, exempt: string, getFailure: () => Error): void {
  const query = (input: string | { text: string }, values?: unknown[]) => {
    const text = typeof input === 'string' ? input : input.text;
    return text.includes(exempt) ? db.pool.query(input as string, values) : Promise.reject(getFailure());
  };
  const pool = { query, connect: () => Promise.reject(getFailure()) } as unknown as Pool;
  const failing = { ...db, pool };
  (globalThis as { caspersDatabase?: unknown }).caspersDatabase = failing;
}
