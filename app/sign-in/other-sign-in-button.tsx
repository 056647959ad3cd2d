'use client';

import { useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { useHydrated } from '#app/_ui/use-hydrated.ts';
import { beginSignIn, type SignInFailure } from './sign-in.ts';

type State = { pending: boolean; failure?: SignInFailure };

/** Leads to the provider that the console was set up with, and from there back to `next`. */
export function OtherSignInButton({ name, next }: { name: string; next: string }) {
  const hydrated = useHydrated();
  const [state, setState] = useState<State>({ pending: false });
  async function go() {
    setState({ pending: true });
    const begun = await beginSignIn(next);
    if ('url' in begun) window.location.assign(begun.url);
    else setState({ pending: false, failure: begun });
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
      <Button size="large" disabled={state.pending} onClick={go}>
        {state.pending ? `Going to ${name}…` : `Sign in with ${name}`}
      </Button>
    </div>
  );
}
