import { Card } from '#app/_ui/card.tsx';
import { Money } from '#app/_ui/money.tsx';
import { TimeAgo } from '#app/_ui/time-ago.tsx';
import { nameReason } from '#lib/contract/refund.ts';
import type { Told } from '#lib/refunds/index.ts';
import { ClassBadge } from '../../_parts/class-badge.tsx';
import { describeDifference } from '../../_parts/describe-difference.ts';
import { describeTold } from './describe-told.ts';

/** Every step of the order: who did what and when, oldest first; decisions against what was suggested. */
export function History({ entries }: { entries: Told[] }) {
  return (
    <Card title="History">
      {entries.length === 0 ? (
        <p className="text-13 text-ink-2">Nobody has done anything with this order yet.</p>
      ) : (
        <ol className="flex flex-col">
          {entries.map((told, index) => (
            <Entry key={told.key} told={told} last={index === entries.length - 1} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function Entry({ told, last }: { told: Told; last: boolean }) {
  return (
    <li className="grid grid-cols-[0.75rem_minmax(0,1fr)_auto] gap-x-3 text-13">
      <Dot large={told.kind === 'decision'} last={last} />
      <div className={last ? '' : 'pb-3'}>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 break-words">
          <span className="min-w-0 break-words">{describeTold(told)}</span>
          <Amount told={told} />
        </p>
        <Words told={told} />
      </div>
      <TimeAgo at={told.at} className="text-12 leading-5 whitespace-nowrap text-ink-3" />
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

/** The amount that a decision or a request is about, and how it stands to the suggestion. */
function Amount({ told }: { told: Told }) {
  if (told.kind === 'move') return null;
  const { amountCents, refundClass } = told.kind === 'decision' ? told.decision : told.request;
  const isAmount = told.kind !== 'decision' || told.decision.kind === 'decision';
  if (!isAmount) return null;
  return (
    <>
      <Money cents={amountCents} className="font-semibold" />
      <ClassBadge refundClass={refundClass} />
      {told.kind === 'decision' && (
        <span className="numeric text-12 text-ink-3">{describeDifference(told.decision)}</span>
      )}
    </>
  );
}

/** What was said with it: the reason and its code, or the note. */
function Words({ told }: { told: Told }) {
  const { code, text } = wordsOf(told);
  return (
    <>
      {code && <p className="text-12 text-ink-3">{nameReason(code)}</p>}
      {text && <p className="break-words whitespace-pre-line text-ink-2">“{text}”</p>}
    </>
  );
}

function wordsOf(told: Told): { code: string | null; text: string | null } {
  switch (told.kind) {
    case 'move':
      return { code: null, text: told.move.note };
    case 'request':
      return { code: told.request.reasonCode, text: told.request.reason };
    case 'outcome':
      return { code: null, text: told.outcome.reason };
    case 'decision':
      return {
        code: told.decision.reasonCode,
        text: told.decision.kind === 'undo' ? null : told.decision.reason,
      };
  }
}
