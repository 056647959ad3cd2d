/** SQLSTATE classes that pass by themselves: connection, resources (full disk, memory), intervention, locks. */
const TRANSIENT_STATE = /^(08|53|57P|40|55P03|25P0[34])/;
const TRANSIENT_CODE = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)/;
const TRANSIENT_MESSAGE = /connection terminated|connection error|timeout exceeded|client has encountered/i;

/** Whether an error is the database's being away for a while, after which the same work will do. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error instanceof AggregateError) return error.errors.some(isTransient);
  return TRANSIENT_STATE.test(code) || TRANSIENT_CODE.test(code) || TRANSIENT_MESSAGE.test(error.message);
}

/** Whether the database refused the data itself (SQLSTATE classes 22 and 54): other records are not at fault. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && /^(22|54)...$/.test(String(error.code));
}
