import { isConnectionLost } from '#db/connection-error.ts';
import { WriterReplacedError } from './lease.ts';

/** SQLSTATE classes that pass by themselves: connection, resources (a full disk, memory), locks, idle time. */
const TRANSIENT_STATE = /^(08|53|40|55P03|25P0[34])/;
const TRANSIENT_CODE = /^(ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

/** Whether the database is unavailable for a while, after which the same work can succeed. */
export function isTransient(error: unknown): boolean {
  if (isConnectionLost(error) || error instanceof WriterReplacedError) return true;
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    TRANSIENT_STATE.test(code) ||
    TRANSIENT_CODE.test(code) ||
    /^timeout (expired|exceeded)/i.test(error.message)
  );
}

/** Whether the database refuses the data itself (SQLSTATE classes 22 and 54), so that other records could pass. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && /^(22|54)...$/.test(codeOf(error));
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : '';
}
