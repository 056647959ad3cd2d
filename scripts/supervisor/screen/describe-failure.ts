import { messageOf } from '#lib/errors.ts';
import type { Exit } from '../process/child.ts';

const DISK_FULL = /ENOSPC|EDQUOT|no space left on device|disk is full|disk quota exceeded|\b53100\b/i;

/** The message of a failure, or one fixed sentence if its cause is a full disk. */
export function describeFailure(error: unknown): string {
  const message = messageOf(error);
  if (!DISK_FULL.test(message)) return message;
  return 'The disk is full. Free some space; what was committed is kept and nothing was written halfway.';
}

/** How a process ended: `exit code 1`, `killed by SIGKILL`. */
export function describeExit({ code, signal }: Exit): string {
  return signal ? `killed by ${signal}` : `exit code ${code}`;
}
