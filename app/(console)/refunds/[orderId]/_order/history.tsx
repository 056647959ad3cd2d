import { Card } from '#app/_ui/card.tsx';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import { nameReason } from '#lib/contract/refund.ts';
import type { CaseMove, CaseTimelineEntry, PastDecision } from '#lib/refunds/history/index.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';
import { describeDifference } from '../../_parts/describe-difference.ts';

/** Everything that was done with the order, by whom and when, oldest first. */
export function History({ entries }: { entries: CaseTimelineEntry[] }) {
  return (
    <Card title="History">
      {entries.length === 0 ? (
        <p className="text-13 text-ink-2">Nobody has done anything with this order yet.</p>
      ) : (
        <ol className="flex flex-col">
          {entries.map((entry, index) => (
            <Entry key={entry.key} entry={entry} last={index === entries.length - 1} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Entry({ entry, last }: { entry: CaseTimelineEntry; last: boolean }) {
  return (
    <li className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto] gap-x-3 text-13">
      <Dot large={entry.kind === 'decision'} last={last} />
      <div className={last ? '' : 'pb-3'}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 break-words">
          <span className="min-w-0 break-words">{describeTimelineEntry(entry)}</span>
          <Amount entry={entry} />
        </p>
        <Words entry={entry} />
      </div>
      <TimeAgo at={entry.at} className="text-12 leading-5 whitespace-nowrap text-ink-3" />
    </li>
  );
}

function Dot({ large, last }: { large: boolean; last: boolean }) {
  return (
    <span aria-hidden className="relative flex justify-center">
      {!last && <span className="absolute top-2.5 bottom-[-10px] w-px bg-line" />}
      <span
        className={`relative mt-1.5 rounded-full ring-3 ring-surface ${large ? 'size-2 bg-accent' : 'size-1.5 bg-line-strong'}`}
      />
    </span>
  );
}

/** The amount of a decision or a request, and how it compares with the suggestion. */
function Amount({ entry }: { entry: CaseTimelineEntry }) {
  if (entry.kind === 'move') return null;
  const { amountCents, refundClass } = entry.kind === 'decision' ? entry.decision : entry.request;
  const isAmount = entry.kind !== 'decision' || entry.decision.kind === 'decision';
  if (!isAmount) return null;
  return (
    <>
      <Money cents={amountCents} className="font-semibold" />
      <ClassBadge refundClass={refundClass} />
      {entry.kind === 'decision' && (
        <span className="numeric text-12 text-ink-3">{describeDifference(entry.decision)}</span>
      )}
    </>
  );
}

/** The reason and its code, or the note. */
function Words({ entry }: { entry: CaseTimelineEntry }) {
  const { code, text } = wordsOf(entry);
  return (
    <>
      {code && <p className="text-12 text-ink-3">{nameReason(code)}</p>}
      {text && <p className="break-words whitespace-pre-line text-ink-2">“{text}”</p>}
    </>
  );
}

function wordsOf(entry: CaseTimelineEntry): { code: string | null; text: string | null } {
  switch (entry.kind) {
    case 'move':
      return { code: null, text: entry.move.note };
    case 'request':
      return { code: entry.request.reasonCode, text: entry.request.reason };
    case 'outcome':
      return { code: null, text: entry.outcome.reason };
    case 'decision':
      return {
        code: entry.decision.reasonCode,
        text: entry.decision.kind === 'undo' ? null : entry.decision.reason,
      };
  }
}

/** An entry as a sentence about its person; an amount may follow it. */
export function describeTimelineEntry(entry: CaseTimelineEntry): string {
  switch (entry.kind) {
    case 'move':
      return describeMove(entry.move);
    case 'request':
      return `${entry.request.requestedBy} asked for the approval of`;
    case 'outcome':
      return `${entry.outcome.person} ${entry.outcome.kind === 'rejected' ? 'rejected' : 'withdrew'} the request for`;
    case 'decision':
      return describeDecision(entry.decision);
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

function describeDecision({ kind, decidedBy, approvedBy }: PastDecision): string {
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
