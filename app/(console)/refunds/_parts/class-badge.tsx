import { Badge, type Tone } from '#app/_ui/badge.tsx';
import { ShareMark } from '#app/_ui/share-mark.tsx';
import type { RefundClass } from '#lib/contract/refund.ts';

export const classLabels: Record<RefundClass, string> = { none: 'None', partial: 'Partial', full: 'Full' };
const tones: Record<RefundClass, Tone> = { none: 'neutral', partial: 'accent', full: 'accent' };

/** A refund class as a word and a filled circle; without a class the scorer gave no answer. */
export function ClassBadge({ refundClass }: { refundClass: RefundClass | null }) {
  if (refundClass === null) return <Badge tone="warn">No answer</Badge>;
  return (
    <Badge tone={tones[refundClass]} icon={<ShareMark share={refundClass} />}>
      {classLabels[refundClass]}
    </Badge>
  );
}
