'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#app/_ui/button.tsx';
import { TextField } from '#app/_ui/text-field.tsx';
import type { ActionError } from '#lib/auth/index.ts';
import { ActionFailure } from '../../_frame/action-failure.tsx';

type SaveViewProps = {
  pending: boolean;
  failure: ActionError | undefined;
  onSave(name: string): Promise<boolean>;
};

/** Keeps the filters that stand now under a name. */
export function SaveView({ pending, failure, onSave }: SaveViewProps) {
  const [name, setName] = useState('');
  async function send(event: FormEvent) {
    event.preventDefault();
    if (await onSave(name)) setName('');
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-3 border-t pt-3">
      <TextField
        label="Keep these filters as"
        maxLength={60}
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={failure?.field === 'name' ? failure.message : undefined}
      />
      {failure && !failure.field && <ActionFailure failure={failure} />}
      <Button type="submit" className="self-start" disabled={pending}>
        {pending ? 'Saving…' : 'Save the view'}
      </Button>
    </form>
  );
}
