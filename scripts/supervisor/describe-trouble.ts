import { messageOf } from '#lib/errors.ts';

const DISK_FULL = /ENOSPC|EDQUOT|no space left on device|disk is full|disk quota exceeded|\b53100\b/i;

/** The one sentence for a disk without space, wherever it was met; other trouble speaks for itself. */
export function describeTrouble(error: unknown): string {
  const message = messageOf(error);
  if (!DISK_FULL.test(message)) return message;
  return 'The disk is full. Free some space; what was committed is kept and nothing was written halfway.';
}
