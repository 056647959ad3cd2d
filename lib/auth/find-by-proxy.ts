import { z } from 'zod';
import type { Pool } from '#db/client.ts';
import { roles } from '#lib/contract/person.ts';
import type { Identity } from './identity.ts';

const rowSchema = z.object({ id: z.string(), email: z.string(), name: z.string(), role: z.enum(roles) });

/** The person whom a trusted proxy has signed in; only somebody who was invited and is not disabled. */
export async function findByProxy(pool: Pool, headers: Headers): Promise<Identity | undefined> {
  const email = headers.get('x-forwarded-email') ?? '';
  if (email === '' || email.includes(',')) return undefined;
  const { rows } = await pool.query(
    'select id, email, name, role from auth."user" where email = lower($1) and disabled_at is null',
    [email],
  );
  return rows[0] && { person: rowSchema.parse(rows[0]), via: 'proxy' };
}
