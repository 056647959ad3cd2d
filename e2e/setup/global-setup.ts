import { openSystem } from './open-system.ts';
import { writeSystem } from './system-file.ts';

/** Opens one filled system for all specs. @returns a function that closes it. */
export default async function setup(): Promise<() => Promise<void>> {
  const { url, databaseUrl, accounts, close } = await openSystem({ filled: true });
  const removeFile = writeSystem({ url, databaseUrl, accounts });
  return () => {
    removeFile();
    return close();
  };
}
