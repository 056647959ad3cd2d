import { CircleCheck, CircleDashed } from 'lucide-react';
import { Badge } from '#app/_ui/badge.tsx';
import type { QueueStatus } from '#lib/refunds/types.ts';

export function StatusBadge({ status }: { status: QueueStatus }) {
  return status === 'decided' ? (
    <Badge tone="good" icon={<CircleCheck aria-hidden className="size-3" />}>
      Decided
    </Badge>
  ) : (
    <Badge tone="neutral" icon={<CircleDashed aria-hidden className="size-3" />}>
      Pending
    </Badge>
  );
}
