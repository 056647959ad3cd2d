import type { CaseMove, Told } from '#lib/refunds/index.ts';

/** What a step of an order's history was, as a sentence about its person. */
export function describeTold(told: Told): string {
  switch (told.kind) {
    case 'move':
      return describeMove(told.move);
    case 'request':
      return `${told.request.requestedBy} asked for the approval of`;
    case 'outcome':
      return `${told.outcome.person} ${told.outcome.kind === 'rejected' ? 'rejected' : 'withdrew'} the request for`;
    case 'decision':
      return describeDecision(told.decision);
  }
}

function describeMove({ at, from, to, person, holder, until }: CaseMove): string {
  if (person === null)
    return from === 'snoozed' ? 'The snooze ended' : `The claim of ${holder ?? 'somebody'} ran out`;
  switch (to) {
    case 'claimed':
      return `${person} claimed it`;
    case 'snoozed':
      return `${person} snoozed it${until === null ? '' : ` for ${spanOf(at, until)}`}`;
    case 'escalated':
      return `${person} escalated it`;
    default:
      return `${person} put it back into the queue`;
  }
}

function describeDecision({
  kind,
  decidedBy,
  approvedBy,
}: Extract<Told, { kind: 'decision' }>['decision']): string {
  if (kind === 'undo') return `${decidedBy} undid the decision`;
  if (kind === 'reversal') return `${decidedBy} reversed the decision`;
  return approvedBy === null
    ? `${decidedBy} decided`
    : `${approvedBy} approved the decision of ${decidedBy}:`;
}

/** How long a snooze was to last, in its largest unit: "30 min", "2 h", "3 d", in one piece. */
function spanOf(from: string, until: string): string {
  const minutes = Math.round((Date.parse(until) - Date.parse(from)) / 60_000);
  if (minutes < 60) return `${minutes}\u00a0min`;
  return minutes < 1440 ? `${Math.round(minutes / 60)}\u00a0h` : `${Math.round(minutes / 1440)}\u00a0d`;
}
