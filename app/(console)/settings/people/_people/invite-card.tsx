'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { Select, TextField } from '#app/_ui/form-controls.tsx';
import type { Role } from '#lib/contract/person.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { invite } from '../people-actions.ts';
import { OneTimeSecret } from './one-time-secret.tsx';
import { roleOptions } from './role-labels.ts';

const empty = { email: '', name: '', role: 'reviewer' as Role };

/** Creates an account with a first password. */
export function InviteCard() {
  const [invitation, setInvitation] = useState(empty);
  const [created, setCreated] = useState<{ email: string; password: string }>();
  const { run, pending, failure } = useAction();
  const fieldError = (name: string) => (failure?.field === name ? failure.message : undefined);
  async function submit(event: FormEvent) {
    event.preventDefault();
    const result = await run(() => invite(invitation));
    if (!result) return;
    setCreated(result.value);
    setInvitation(empty);
  }
  return (
    <Card title="Invite somebody">
      <form onSubmit={submit} noValidate className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Name"
            value={invitation.name}
            onChange={(event) => setInvitation({ ...invitation, name: event.target.value })}
            error={fieldError('name')}
          />
          <TextField
            label="E-mail"
            type="email"
            value={invitation.email}
            onChange={(event) => setInvitation({ ...invitation, email: event.target.value })}
            error={fieldError('email')}
          />
        </div>
        <div className="flex items-center gap-3">
          <Select
            label="Role"
            value={invitation.role}
            options={roleOptions}
            onChange={(role) => setInvitation({ ...invitation, role: role as Role })}
          />
          <Button type="submit" variant="primary" disabled={pending}>
            {pending ? 'Inviting…' : 'Invite'}
          </Button>
        </div>
        {!failure?.field && <ActionFailure failure={failure} />}
        {created && (
          <OneTimeSecret
            title={`The first password of ${created.email}`}
            secret={created.password}
            onClose={() => setCreated(undefined)}
          />
        )}
      </form>
    </Card>
  );
}
