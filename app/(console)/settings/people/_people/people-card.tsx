'use client';

import { useState } from 'react';
import { useAction } from '#app/_data/actions.ts';
import { Badge } from '#app/_ui/badge.tsx';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { Select } from '#app/_ui/form-controls.tsx';
import type { Account, Role } from '#lib/contract/person.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { setDisabled, updatePerson } from '../people-actions.ts';
import { roleLabels, roleOptions } from './role-labels.ts';

/** All people with an account. Admins change roles and disable accounts in place, except their own. */
export function PeopleCard({ people, viewer }: { people: Account[]; viewer: string }) {
  const { run, pending, failure } = useAction();
  return (
    <Card title="People">
      <ul className="flex flex-col divide-y">
        {people.map((person) => (
          <li
            key={person.id}
            className="flex flex-wrap items-center gap-x-4 gap-y-2 py-2 first:pt-0 last:pb-0"
          >
            <PersonName person={person} />
            {person.email === viewer ? (
              <p className="text-13 text-ink-2">{roleLabels[person.role]}, you</p>
            ) : (
              <>
                <RoleChoice
                  key={person.role}
                  person={person}
                  pending={pending}
                  onChange={(role) =>
                    void run(() => updatePerson({ personId: person.id, name: person.name, role }))
                  }
                />
                <Button
                  size="small"
                  disabled={pending}
                  onClick={() =>
                    void run(() => setDisabled({ personId: person.id, disabled: !person.disabledTs }))
                  }
                >
                  {person.disabledTs ? 'Let in again' : 'Shut out'}
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      <ActionFailure failure={failure} />
    </Card>
  );
}

function PersonName({ person }: { person: Account }) {
  return (
    <div className="min-w-48 flex-1">
      <p className="flex items-center gap-2 text-13 font-medium">
        {person.name}
        {person.disabledTs && <Badge tone="bad">Shut out</Badge>}
      </p>
      <p className="text-12 text-ink-3">
        {person.email} · {person.sessions === 1 ? '1 session' : `${person.sessions} sessions`}
      </p>
    </div>
  );
}

type RoleChoiceProps = { person: Account; pending: boolean; onChange(role: Role): void };

/** A chosen role is saved with a button, because arrow keys pass through other roles on the way to it. */
function RoleChoice({ person, pending, onChange }: RoleChoiceProps) {
  const [role, setRole] = useState(person.role);
  return (
    <>
      <Select
        label={`Role of ${person.email}`}
        value={role}
        options={roleOptions}
        onChange={(value) => setRole(value as Role)}
      />
      {role !== person.role && (
        <Button size="small" variant="primary" disabled={pending} onClick={() => onChange(role)}>
          Make {roleLabels[role].toLowerCase()}
        </Button>
      )}
    </>
  );
}
