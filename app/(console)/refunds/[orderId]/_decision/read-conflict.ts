import type { ActionError } from '#lib/auth/types.ts';
import type { Decision, QueueItem, Suggestion } from '#lib/refunds/types.ts';

/** What stands instead after a conflict: somebody's decision, or another suggestion. */
export function readConflict(error: ActionError): { decision?: Decision; suggestion?: Suggestion } {
  switch (error.code) {
    case 'already_decided':
    case 'idempotency_key_reused':
      return { decision: error.current as Decision };
    case 'recommendation_changed':
      return { suggestion: (error.current as QueueItem | undefined)?.suggestion };
    default:
      return {};
  }
}
