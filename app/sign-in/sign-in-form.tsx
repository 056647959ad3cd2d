'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { TextField } from '#app/_ui/form-controls.tsx';
import { Notice } from '#app/_ui/notice.tsx';
import { useHydrated } from '#app/_ui/use-hydrated.ts';
import { type SignInFailure, signIn } from './sign-in.ts';

type State = { pending: boolean; failure?: SignInFailure };

/** `next` is the page to go to after signing in; the caller has checked that it is inside the console. */
export function SignInForm({ next }: { next: string }) {
  const hydrated = useHydrated();
  const [state, setState] = useState<State>({ pending: false });
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setState({ pending: true });
    const failure = await signIn(String(form.get('email')), String(form.get('password')));
    if (failure) setState({ pending: false, failure });
    else window.location.assign(next);
  }
  return (
    <form method="post" onSubmit={submit} inert={!hydrated} className="flex flex-col gap-4">
      {state.failure && (
        <Notice tone="bad" title={state.failure.title} requestId={state.failure.requestId}>
          {state.failure.advice}
        </Notice>
      )}
      <TextField label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
        maxLength={128}
      />
      <Button type="submit" variant="primary" size="large" disabled={state.pending}>
        {state.pending ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
