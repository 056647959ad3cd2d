import { z } from 'zod';
import { type Person, roles } from '#lib/contract/person.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';

const personSchema = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
});

/** The person whose session the cookie of a request names; undefined where there is none or it has ended. */
export async function getPerson(
  headers: Headers,
  { auth }: Pick<ConsoleRuntime, 'auth'> = consoleRuntime(),
): Promise<Person | undefined> {
  const current = await auth.api.getSession({ headers });
  return current ? personSchema.parse(current.user) : undefined;
}
