import Link from 'next/link';
import { usePathname, useSearchParams } from 'next/navigation';
import { ApiFailure } from '#app/_data/api.ts';
import { Button, buttonClass } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { formatClock } from '#app/_ui/time.ts';
import { paths } from '#app/paths.ts';

type QueueTroubleProps = { error: Error | null; keptSince: number | undefined; onRetry(): void };

/** What went wrong with the list, what still stands on the screen, and how to go on. */
export function QueueTrouble({ error, keptSince, onRetry }: QueueTroubleProps) {
  const here = paths.refunds(useSearchParams().toString());
  const path = usePathname();
  if (!error) return null;
  const failure = error instanceof ApiFailure ? error : undefined;
  const signedOut = failure?.code === 'unauthenticated';
  return (
    <Notice
      tone="bad"
      title={signedOut ? 'Your session has ended' : describe(keptSince)}
      requestId={failure?.requestId}
      actions={
        signedOut ? (
          <Link href={paths.signIn(path.startsWith(paths.refunds()) ? here : path)} className={buttonClass()}>
            Sign in again
          </Link>
        ) : (
          <Button onClick={onRetry}>Try again</Button>
        )
      }
    >
      {failure?.message ?? 'The console answered in a way that this page does not understand. Reload it.'}
      {keptSince ? ` What you see is from ${formatClock(new Date(keptSince).toISOString())} UTC.` : ''}
    </Notice>
  );
}

function describe(keptSince: number | undefined): string {
  return keptSince ? 'The queue could not be refreshed' : 'The queue could not be loaded';
}
