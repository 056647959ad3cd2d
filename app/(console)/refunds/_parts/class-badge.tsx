import { Badge, type Tone } from '#app/_ui/badge.tsx';
import type { RefundClass } from '#lib/contract/refund.ts';

export const classLabels: Record<RefundClass, string> = { none: 'None', partial: 'Partial', full: 'Full' };
const tones: Record<RefundClass, Tone> = { none: 'neutral', partial: 'accent', full: 'accent' };

/** A refund class as a word and a filled circle; without a class the scorer gave no answer. */
export function ClassBadge({ refundClass }: { refundClass: RefundClass | null }) {
  if (refundClass === null) return <Badge tone="warn">No answer</Badge>;
  return (
    <Badge tone={tones[refundClass]} icon={<RefundClassIcon refundClass={refundClass} />}>
      {classLabels[refundClass]}
    </Badge>
  );
}

/** An empty, half or full circle. */
export function RefundClassIcon({ refundClass }: { refundClass: RefundClass }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true" className="size-3 shrink-0">
      <circle cx="6" cy="6" r="4.75" fill="none" stroke="currentColor" strokeWidth="1.5" />
      {refundClass === 'partial' && <path d="M6 1.25a4.75 4.75 0 0 0 0 9.5Z" fill="currentColor" />}
      {refundClass === 'full' && <circle cx="6" cy="6" r="4.75" fill="currentColor" />}
    </svg>
  );
}
