'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '#app/_data/use-action.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { Select } from '#app/_ui/select.tsx';
import { TextField } from '#app/_ui/text-field.tsx';
import { type Role, roles } from '#lib/contract/person.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { invite } from '../people-actions.ts';
import { roleLabels } from './role-labels.ts';
import { ShownOnce } from './shown-once.tsx';

const options = roles.map((value) => ({ value, label: roleLabels[value] }));
const nobody = { email: '', name: '', role: 'reviewer' as Role };

/** Gives somebody an account and a first password. */
export function InviteCard() {
  const [who, setWho] = useState(nobody);
  const [made, setMade] = useState<{ email: string; password: string }>();
  const { run, pending, failure } = useAction();
  const fieldError = (name: string) => (failure?.field === name ? failure.message : undefined);
  async function send(event: FormEvent) {
    event.preventDefault();
    const done = await run(() => invite(who));
    if (!done) return;
    setMade(done.value);
    setWho(nobody);
  }
  return (
    <Card title="Invite somebody">
      <form onSubmit={send} noValidate className="flex flex-col gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <TextField
            label="Name"
            value={who.name}
            onChange={(event) => setWho({ ...who, name: event.target.value })}
            error={fieldError('name')}
          />
          <TextField
            label="E-mail"
            type="email"
            value={who.email}
            onChange={(event) => setWho({ ...who, email: event.target.value })}
            error={fieldError('email')}
          />
        </div>
        <div className="flex items-center gap-3">
          <Select
            label="Role"
            value={who.role}
            options={options}
            onChange={(role) => setWho({ ...who, role: role as Role })}
          />
          <Button type="submit" look="primary" disabled={pending}>
            {pending ? 'Inviting…' : 'Invite'}
          </Button>
        </div>
        {!failure?.field && <ActionFailure failure={failure} />}
        {made && (
          <ShownOnce
            title={`The first password of ${made.email}`}
            secret={made.password}
            onClose={() => setMade(undefined)}
          />
        )}
      </form>
    </Card>
  );
}
