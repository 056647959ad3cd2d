'use client';

import { type FormEvent, useState } from 'react';
import { callAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { TextField } from '#app/_ui/form-controls.tsx';
import { paths } from '#app/paths.ts';
import type { ActionError } from '#lib/auth/index.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';
import { changePassword } from '../settings-actions.ts';

/** Changes one's own password. The first password was seen by the admin who created the account. */
export function PasswordCard() {
  const [passwords, setPasswords] = useState({ current: '', next: '' });
  const [pending, setPending] = useState(false);
  const [failure, setFailure] = useState<ActionError>();
  const fieldError = (name: string) => (failure?.field === name ? failure.message : undefined);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setPending(true);
    const result = await callAction(() => changePassword(passwords));
    setPending(false);
    if (result.ok) window.location.assign(paths.signIn(paths.settings()));
    else setFailure(result.error);
  }
  return (
    <Card title="Password">
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Present password"
            type="password"
            autoComplete="current-password"
            maxLength={128}
            value={passwords.current}
            onChange={(event) => setPasswords({ ...passwords, current: event.target.value })}
            error={fieldError('current')}
          />
          <TextField
            label="New password"
            type="password"
            autoComplete="new-password"
            maxLength={128}
            value={passwords.next}
            onChange={(event) => setPasswords({ ...passwords, next: event.target.value })}
            hint="12 characters at least. You sign in anew everywhere."
            error={fieldError('next')}
          />
        </div>
        {!failure?.field && <ActionFailure failure={failure} />}
        <Button type="submit" disabled={pending} className="self-start">
          {pending ? 'Saving…' : 'Change the password'}
        </Button>
      </form>
    </Card>
  );
}
