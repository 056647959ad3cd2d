'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { buttonClass } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { paths } from '#app/paths.ts';
import type { ActionError } from '#lib/auth/index.ts';

/** Why an action failed. The screen keeps what was typed, also where the session has ended. */
export function ActionFailure({ failure }: { failure: ActionError | undefined }) {
  if (!failure) return null;
  const isSignedOut = failure.code === 'unauthenticated';
  return (
    <Notice
      tone="bad"
      title={isSignedOut ? 'Your session has ended' : 'This was not done'}
      requestId={failure.requestId}
      actions={isSignedOut && <SignInAgain />}
    >
      {failure.message}
      {isSignedOut && <p>What you entered is kept. Sign in again, then repeat the action.</p>}
    </Notice>
  );
}

/** Signs in in another tab, so that this one keeps what was typed. */
export function SignInAgain() {
  return (
    <Link href={paths.signIn(usePathname())} target="_blank" className={buttonClass()}>
      Sign in again in a new tab
    </Link>
  );
}
