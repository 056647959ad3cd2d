import type { Pool } from '#db/client.ts';

const WINDOW_SECONDS = 60;

/** Tries a minute: from one place, and from all places that this account has never signed in from. */
export const PLACE_TRIES = 5;
export const STRANGERS_TRIES = 60;

/** Where a try comes from: a browser that has signed in to this account before, or an address. */
export type Place = { device: string } | { address: string };

/**
 * Counts a try to sign in as `email`, known or not, in the database. A browser that has signed in before has
 * tries of its own, so that a stranger who keeps trying locks nobody out; strangers share a limit however many
 * addresses they have.
 * @returns seconds to wait where a limit is reached, else undefined.
 */
export async function countSignIn(
  pool: Pool,
  email: string,
  place: Place,
  now: Date,
): Promise<number | undefined> {
  const counted =
    'device' in place
      ? [{ place: `device ${place.device}`, max: PLACE_TRIES }]
      : [
          { place: `address ${place.address}`, max: PLACE_TRIES },
          { place: 'strangers', max: STRANGERS_TRIES },
        ];
  const waits: (number | undefined)[] = [];
  for (const { place: name, max } of counted) waits.push(await countOne(pool, email, name, max, now));
  return waits.find((wait) => wait !== undefined);
}

async function countOne(
  pool: Pool,
  email: string,
  place: string,
  max: number,
  now: Date,
): Promise<number | undefined> {
  const { rows } = await pool.query<{ attempts: number; wait: number }>(
    `
    -- one row: the tries in the current window, and seconds to its end
    with bounds as (
      select $3::timestamptz as now, $3::timestamptz - make_interval(secs => $4) as oldest
    ),
    forgotten as (
      delete from auth.sign_in_attempts where (email, place) in (
        select email, place from auth.sign_in_attempts, bounds
        where window_started <= oldest and (email, place) <> (lower($1), $2)
        for update of sign_in_attempts skip locked
      )
    )
    insert into auth.sign_in_attempts as known (email, place, attempts, window_started)
    select lower($1), $2, 1, now from bounds
    on conflict (email, place) do update set
      attempts = case when known.window_started <= (select oldest from bounds) then 1 else known.attempts + 1 end,
      window_started = case
        when known.window_started <= (select oldest from bounds) then excluded.window_started
        else known.window_started
      end
    returning attempts, ceil(extract(epoch from window_started - (select oldest from bounds)))::integer as wait`,
    [email.slice(0, 320), place.slice(0, 100), now, WINDOW_SECONDS],
  );
  const [row] = rows;
  return row && row.attempts > max ? Math.max(row.wait, 1) : undefined;
}

/** Forgets the tries from a place after a success there; what strangers tried elsewhere still counts. */
export async function forgiveSignIns(pool: Pool, email: string, place: Place): Promise<void> {
  const name = 'device' in place ? `device ${place.device}` : `address ${place.address}`;
  await pool.query('delete from auth.sign_in_attempts where email = lower($1) and place = $2', [
    email,
    name.slice(0, 100),
  ]);
}
