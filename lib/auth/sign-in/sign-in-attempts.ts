import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm/sql';
import type { Pool } from '#db/client.ts';
import { integer, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { readCookies, signCookie, verifyCookie } from '../identity/signed-cookies.ts';
import { PEER_HEADER } from '../identity/trusted-proxy.ts';

/** Attempts per minute and account: from one origin, and from all unknown origins together. */
export const MAX_PER_ORIGIN = 5;
const MAX_FROM_UNKNOWN = 60;
const WINDOW_SECONDS = 60;

/** Where an attempt comes from: a browser that has signed in to this account before, or else an address. */
type SignInOrigin = { device: string } | { address: string };

export const DEVICE_COOKIE = 'caspers.device';
const DEVICE_COOKIE_SECONDS = 180 * 24 * 60 * 60;

export function readSignInOrigin(headers: Headers, email: string, secret: string): SignInOrigin {
  const value = readCookies(headers).get(DEVICE_COOKIE) ?? '';
  const [device, account] = verifyCookie(value, secret)?.split(' ') ?? [];
  if (device && account === hashEmail(email)) return { device };
  return { address: headers.get(PEER_HEADER) ?? 'unknown' };
}

/** The cookie that marks a browser as known to an account. It grants nothing but attempts of its own. */
export function createDeviceCookie(email: string, secret: string): { value: string; maxAge: number } {
  const text = `${randomBytes(16).toString('base64url')} ${hashEmail(email)}`;
  return { value: signCookie(text, secret), maxAge: DEVICE_COOKIE_SECONDS };
}

function hashEmail(email: string): string {
  return createHash('sha256').update(email.toLowerCase()).digest('base64url').slice(0, 22);
}

/**
 * Counts an attempt to sign in as `email`, whether the account exists or not. A known browser has a limit of its own,
 * so that a stranger who keeps trying cannot lock its person out. Strangers share a limit, however many addresses they
 * use.
 * @returns the seconds to wait if a limit is exceeded, otherwise undefined.
 */
export async function countAttempt(
  pool: Pool,
  email: string,
  origin: SignInOrigin,
  now: Date,
): Promise<number | undefined> {
  const limits = [
    { name: nameOrigin(origin), max: MAX_PER_ORIGIN },
    ...('device' in origin ? [] : [{ name: 'strangers', max: MAX_FROM_UNKNOWN }]),
  ];
  const waits: (number | undefined)[] = [];
  for (const { name, max } of limits) {
    const params = { email: email.slice(0, 320), origin: name, now, seconds: WINDOW_SECONDS };
    const [counted] = await incrementAttempts(pool, params);
    waits.push(counted && counted.attempts > max ? Math.max(counted.wait, 1) : undefined);
  }
  return waits.find((wait) => wait !== undefined);
}

/** One row: the attempts in the current window and the seconds to its end. Also deletes windows that are over. */
const incrementAttempts = statement({
  params: { email: text, origin: text, now: timestamp, seconds: integer },
  returns: { attempts: integer, wait: integer },
  sql: ({ email, origin, now, seconds }) => sql`
    with bounds as (
      select ${now}::timestamptz as now, ${now}::timestamptz - make_interval(secs => ${seconds}) as oldest
    ),
    expired as (
      delete from auth.sign_in_attempts where (email, origin) in (
        select email, origin from auth.sign_in_attempts, bounds
        where window_started <= oldest and (email, origin) <> (lower(${email}), ${origin})
        for update of sign_in_attempts skip locked
      )
    )
    insert into auth.sign_in_attempts as known (email, origin, attempts, window_started)
    select lower(${email}), ${origin}, 1, now from bounds
    on conflict (email, origin) do update set
      attempts = case when known.window_started <= (select oldest from bounds) then 1 else known.attempts + 1 end,
      window_started = case
        when known.window_started <= (select oldest from bounds) then excluded.window_started
        else known.window_started
      end
    returning attempts, ceil(extract(epoch from window_started - (select oldest from bounds)))::integer as wait`,
});

const deleteAttempts = statement({
  params: { email: text, origin: text },
  returns: {},
  sql: ({ email, origin }) => sql`
    delete from auth.sign_in_attempts where email = lower(${email}) and origin = ${origin}`,
});

/** Forgets the attempts from an origin after a success there. The attempts of strangers elsewhere still count. */
export async function forgiveAttempts(pool: Pool, email: string, origin: SignInOrigin): Promise<void> {
  await deleteAttempts(pool, { email, origin: nameOrigin(origin) });
}

function nameOrigin(origin: SignInOrigin): string {
  return ('device' in origin ? `device ${origin.device}` : `address ${origin.address}`).slice(0, 100);
}
