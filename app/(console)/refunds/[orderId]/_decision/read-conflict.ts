import type { ActionError } from '#lib/auth/index.ts';
import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';
import type { QueueItem, Suggestion } from '#lib/refunds/queue/index.ts';

/** What stands instead after a conflict: somebody's decision, or another suggestion. */
export function readConflict(error: ActionError): { decision?: Decision; suggestion?: Suggestion } {
  switch (error.code) {
    case 'already_decided':
      return { decision: error.current as Decision };
    case 'idempotency_key_reused':
      return readEarlier(error.current as Decision | ApprovalRequest);
    case 'recommendation_changed':
      return { suggestion: (error.current as QueueItem | undefined)?.suggestion };
    default:
      return {};
  }
}

function readEarlier(earlier: Decision | ApprovalRequest): { decision?: Decision } {
  return 'decidedTs' in earlier ? { decision: earlier } : {};
}
