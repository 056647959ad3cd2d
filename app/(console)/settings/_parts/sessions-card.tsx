'use client';

import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { TimeAgo } from '#app/_ui/relative-time.tsx';
import type { OpenSession } from '#lib/auth/people/index.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { endSession } from '../settings-actions.ts';

/** The person's open sessions, each of which they can end. */
export function SessionsCard({ sessions }: { sessions: OpenSession[] }) {
  const { run, pending, failure } = useAction();
  return (
    <Card title="Where you are signed in">
      <ul className="flex flex-col divide-y">
        {sessions.map((session) => (
          <li key={session.id} className="flex items-center justify-between gap-4 py-2 first:pt-0 last:pb-0">
            <div className="min-w-0 text-13">
              <p className="truncate">{session.browser ?? 'Unknown browser'}</p>
              <p className="text-12 text-ink-3">
                {session.address ?? 'Unknown address'} · last seen <TimeAgo at={session.lastSeenTs} /> · since{' '}
                <TimeAgo at={session.startedTs} />
              </p>
            </div>
            <Button
              size="small"
              disabled={pending}
              onClick={() => void run(() => endSession({ sessionId: session.id }))}
            >
              End
            </Button>
          </li>
        ))}
      </ul>
      <ActionFailure failure={failure} />
    </Card>
  );
}
