import type { ApprovalRequest, Decision } from '#lib/refunds/index.ts';

/** What the server answered to a decision that was sent from this very screen. */
type Answered = { decided?: Decision; waiting?: ApprovalRequest; failure?: unknown };
/** What the page was made with; `changedTs` is when the order last changed where it stands. */
type Shown = { currentDecision: Decision | null; approval: ApprovalRequest | null; changedTs: string | null };

/**
 * What stands of an order: the answer to one's own decision until the page has caught up with it, from then on what
 * the page says, since others may have gone on. After a failure the form stays, with what was typed.
 */
export function resolveShownDecision(
  { decided, waiting, failure }: Answered,
  { currentDecision, approval, changedTs }: Shown,
): { waiting: ApprovalRequest | null; decided: Decision | null } {
  const isAhead = (ts: string) => changedTs === null || ts > changedTs;
  if (waiting && isAhead(waiting.requestedTs)) return { waiting, decided: null };
  if (decided && isAhead(decided.decidedTs)) return { waiting: null, decided };
  return { waiting: approval, decided: failure ? null : currentDecision };
}
