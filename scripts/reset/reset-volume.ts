import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Env, volumeDirectory } from '#lib/env.ts';

/** Removes the event files of this catalog and the simulator's state beside them. @returns what, for people. */
export function resetVolume(env: Env): string[] {
  const volume = volumeDirectory(env);
  return [
    removeDirectory(volume, 'event files'),
    removeDirectory(`${resolve(volume)}-state`, 'files of simulator state'),
  ];
}

function removeDirectory(directory: string, what: string): string {
  if (!existsSync(directory)) return `There were no ${what} in ${directory}.`;
  const count = readdirSync(directory).length;
  rmSync(directory, { recursive: true });
  return `Removed ${count} ${what} in ${directory}.`;
}
