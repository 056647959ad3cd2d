'use client';

import { type FormEvent, useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { Select, TextField } from '#app/_ui/form-controls.tsx';
import { TimeAgo, TimeUntil } from '#app/_ui/relative-time.tsx';
import type { ApiToken } from '#lib/auth/people/index.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { createToken, revokeToken } from '../people-actions.ts';
import { OneTimeSecret } from './one-time-secret.tsx';

/** Tokens for programs that use the API. */
export function TokensCard({ tokens }: { tokens: ApiToken[] }) {
  const { run, pending, failure } = useAction();
  return (
    <Card title="Programs">
      <div className="flex flex-col gap-4">
        {tokens.length > 0 && (
          <ul className="flex flex-col divide-y">
            {tokens.map((token) => (
              <li key={token.id} className="flex items-center justify-between gap-4 py-2 first:pt-0">
                <div className="min-w-0 text-13">
                  <p className="font-medium">{token.name}</p>
                  <p className="text-12 text-ink-3">
                    {token.role} · by {token.createdBy} ·{' '}
                    {token.lastUsedTs ? (
                      <>
                        used <TimeAgo at={token.lastUsedTs} />
                      </>
                    ) : (
                      'never used'
                    )}{' '}
                    ·{' '}
                    {token.revokedTs ? (
                      'revoked'
                    ) : (
                      <>
                        ends <TimeUntil at={token.expiresTs} />
                      </>
                    )}
                  </p>
                </div>
                {!token.revokedTs && (
                  <Button
                    size="small"
                    disabled={pending}
                    onClick={() => void run(() => revokeToken({ tokenId: token.id }))}
                  >
                    Revoke
                  </Button>
                )}
              </li>
            ))}
          </ul>
        )}
        <ActionFailure failure={failure} />
        <NewToken />
      </div>
    </Card>
  );
}

const roleOptions = [
  { value: 'viewer', label: 'Reads' },
  { value: 'reviewer', label: 'Reads and decides' },
];
const durations = [
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
];

function NewToken() {
  const [draft, setDraft] = useState({ name: '', role: 'viewer', days: '90' });
  const [token, setToken] = useState<string>();
  const { run, pending, failure } = useAction();
  async function submit(event: FormEvent) {
    event.preventDefault();
    const role = draft.role === 'reviewer' ? 'reviewer' : 'viewer';
    const result = await run(() => createToken({ name: draft.name, role, days: Number(draft.days) }));
    if (result) setToken(result.value);
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-3">
      <TextField
        label="Name of the program"
        value={draft.name}
        onChange={(event) => setDraft({ ...draft, name: event.target.value })}
        error={failure?.field === 'name' ? failure.message : undefined}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Select
          label="What it may do"
          value={draft.role}
          options={roleOptions}
          onChange={(role) => setDraft({ ...draft, role })}
        />
        <Select
          label="For how long"
          value={draft.days}
          options={durations}
          onChange={(days) => setDraft({ ...draft, days })}
        />
        <Button type="submit" disabled={pending}>
          {pending ? 'Making…' : 'Make a token'}
        </Button>
      </div>
      {!failure?.field && <ActionFailure failure={failure} />}
      {token && <OneTimeSecret title="The token" secret={token} onClose={() => setToken(undefined)} />}
    </form>
  );
}
