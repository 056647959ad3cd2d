import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { type Env, volumeDirectory } from '#lib/env.ts';
import { hasCode } from '#lib/errors.ts';
import { nearestExisting } from './check-disk.ts';
import { type Finding, fail, ok } from './finding.ts';

/** Whether event files can be written and read. */
export function checkVolume(env: Env): Finding {
  const volume = volumeDirectory(env);
  try {
    accessSync(nearestExisting(resolve(volume)), constants.R_OK | constants.W_OK | constants.X_OK);
    return ok('volume', `${volume} can be written.`);
  } catch (error) {
    if (!hasCode(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    return fail('volume', `${volume} cannot be written. Give this user the right to, or set VOLUME_ROOT.`);
  }
}
