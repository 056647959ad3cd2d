import type { Person } from '#lib/contract/person.ts';
import { type ConsoleRuntime, consoleRuntime } from './console-runtime.ts';
import { identify } from './identify.ts';

/** The person whom a request is from; undefined where there is none or the session has ended. */
export async function getPerson(
  headers: Headers,
  runtime: Pick<ConsoleRuntime, 'db' | 'secret' | 'trustedProxy'> = consoleRuntime(),
): Promise<Person | undefined> {
  return (await identify(runtime, headers))?.person;
}
