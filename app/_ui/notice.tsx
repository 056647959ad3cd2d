import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type NoticeTone = 'info' | 'good' | 'warn' | 'bad';

const tones = {
  info: { icon: Info, text: 'text-accent', box: 'bg-accent-soft' },
  good: { icon: CircleCheck, text: 'text-good', box: 'bg-good-soft' },
  warn: { icon: TriangleAlert, text: 'text-warn', box: 'bg-warn-soft' },
  bad: { icon: CircleAlert, text: 'text-bad', box: 'bg-bad-soft' },
} as const;

type NoticeProps = {
  tone: NoticeTone;
  title: string;
  children?: ReactNode;
  requestId?: string;
  actions?: ReactNode;
};

/** Says what happened, what was kept and how to continue. A screen reader announces a warning or an error at once. */
export function Notice({ tone, title, children, requestId, actions }: NoticeProps) {
  const { icon: Icon, text, box } = tones[tone];
  return (
    <div
      role={tone === 'bad' || tone === 'warn' ? 'alert' : 'status'}
      className={cx('flex gap-3 rounded-8 p-3', box)}
    >
      <Icon aria-hidden className={cx('mt-0.5 size-4 shrink-0', text)} />
      <div className="flex min-w-0 flex-1 flex-col gap-1 text-13">
        <p className="font-semibold">{title}</p>
        {children && <div className="text-ink-2">{children}</div>}
        {requestId && <RequestId id={requestId} />}
        {actions && <div className="mt-1 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}

function RequestId({ id }: { id: string }) {
  return (
    <p className="text-12 break-all text-ink-2">
      Request <span className="numeric">{id}</span>
    </p>
  );
}
