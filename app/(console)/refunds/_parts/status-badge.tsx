import {
  CircleCheck,
  CircleDashed,
  CircleUser,
  Clock,
  type LucideIcon,
  OctagonAlert,
  Undo2,
  UsersRound,
} from 'lucide-react';
import { Badge, type Tone } from '#app/_ui/badge.tsx';
import type { CaseStatus } from '#lib/contract/case.ts';

const looks: Record<CaseStatus, { label: string; tone: Tone; icon: LucideIcon }> = {
  queued: { label: 'Pending', tone: 'neutral', icon: CircleDashed },
  claimed: { label: 'Claimed', tone: 'accent', icon: CircleUser },
  pending_approval: { label: 'Needs approval', tone: 'warn', icon: UsersRound },
  decided: { label: 'Decided', tone: 'good', icon: CircleCheck },
  reversed: { label: 'Reversed', tone: 'bad', icon: Undo2 },
  snoozed: { label: 'Snoozed', tone: 'neutral', icon: Clock },
  escalated: { label: 'Escalated', tone: 'warn', icon: OctagonAlert },
};

/** The status of a case as a word and an icon. */
export function StatusBadge({ status }: { status: CaseStatus }) {
  const { label, tone, icon: Icon } = looks[status];
  return (
    <Badge tone={tone} icon={<Icon aria-hidden className="size-3" />}>
      {label}
    </Badge>
  );
}
