'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { useHydrated } from '#app/_ui/use-hydrated.ts';
import { type SignInFailure, startSingleSignOn } from './sign-in.ts';

type State = { pending: boolean; failure?: SignInFailure };

/** Goes to the configured provider, which redirects to `next` after signing in. */
export function SingleSignOnButton({ name, next }: { name: string; next: string }) {
  const hydrated = useHydrated();
  const [state, setState] = useState<State>({ pending: false });
  async function start() {
    setState({ pending: true });
    const result = await startSingleSignOn(next);
    if ('url' in result) window.location.assign(result.url);
    else setState({ pending: false, failure: result });
  }
  return (
    <div className="flex flex-col gap-4" inert={!hydrated}>
      <p className="flex items-center gap-3 text-12 text-ink-3 before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        or
      </p>
      {state.failure && (
        <Notice tone="bad" title={state.failure.title} requestId={state.failure.requestId}>
          {state.failure.advice}
        </Notice>
      )}
      <Button size="large" disabled={state.pending} onClick={start}>
        {state.pending ? `Going to ${name}…` : `Sign in with ${name}`}
      </Button>
    </div>
  );
}
