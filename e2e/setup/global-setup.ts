import { openSystem } from './open-system.ts';
import { writeSystem } from './system-file.ts';

/** One filled system for all specs; what it returns takes the system down. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, databaseUrl, accounts, close } = await openSystem({ filled: true });
  const takeBack = writeSystem({ url, databaseUrl, accounts });
  return () => {
    takeBack();
    return close();
  };
}
