import type { Database } from '#db/client.ts';
import type { Account, Role } from '#lib/contract/person.ts';
import { IDLE_MINUTES } from './find-by-session.ts';

type Row = {
  id: string;
  email: string;
  name: string;
  role: Role;
  disabled_at: Date | null;
  created_at: Date;
  sessions: number;
};

/** Everybody with an account, by name, with how many sessions they have open. */
export async function listPeople({ pool }: Pick<Database, 'pool'>): Promise<Account[]> {
  const { rows } = await pool.query<Row>(
    `
    -- one row per person
    select
      id, email, name, role, disabled_at, created_at,
      (
        select count(*)::integer from auth.session
        where user_id = person.id and expires_at > now() and last_seen_ts > now() - make_interval(mins => $1)
      ) as sessions
    from auth."user" as person
    order by lower(name), email`,
    [IDLE_MINUTES],
  );
  return rows.map(({ disabled_at, created_at, ...person }) => ({
    ...person,
    disabledTs: disabled_at?.toISOString() ?? null,
    createdTs: created_at.toISOString(),
  }));
}
