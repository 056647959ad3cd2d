'use client';

import { useState } from 'react';
import { useAction } from '#app/_data/use-action.ts';
import { Badge } from '#app/_ui/badge.tsx';
import { Button } from '#app/_ui/button.tsx';
import { Card } from '#app/_ui/card.tsx';
import { Select } from '#app/_ui/select.tsx';
import { type Account, type Role, roles } from '#lib/contract/person.ts';
import { ActionFailure } from '../../../_frame/action-failure.tsx';
import { change, disable } from '../people-actions.ts';
import { roleLabels } from './role-labels.ts';

const options = roles.map((value) => ({ value, label: roleLabels[value] }));

/** Everybody with an account; a role is changed and a person shut out in place. Nobody does either to themselves. */
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
            <Who person={person} />
            {person.email === viewer ? (
              <p className="text-13 text-ink-2">{roleLabels[person.role]}, you</p>
            ) : (
              <>
                <RoleChoice
                  key={person.role}
                  person={person}
                  pending={pending}
                  onChange={(role) =>
                    void run(() => change({ personId: person.id, name: person.name, role }))
                  }
                />
                <Button
                  size="small"
                  disabled={pending}
                  onClick={() =>
                    void run(() => disable({ personId: person.id, disabled: !person.disabledTs }))
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

function Who({ person }: { person: Account }) {
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

/** Chosen first, then changed by its own button: the keys that go through a list pass roles that nobody meant. */
function RoleChoice({ person, pending, onChange }: RoleChoiceProps) {
  const [role, setRole] = useState(person.role);
  return (
    <>
      <Select
        label={`Role of ${person.email}`}
        value={role}
        options={options}
        onChange={(value) => setRole(value as Role)}
      />
      {role !== person.role && (
        <Button size="small" look="primary" disabled={pending} onClick={() => onChange(role)}>
          Make {roleLabels[role].toLowerCase()}
        </Button>
      )}
    </>
  );
}
