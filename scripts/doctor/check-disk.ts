import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Env } from '#lib/env.ts';
import { freeBytes } from '../supervisor/data-directory.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const MEGABYTE = 1_000_000;
const LOW = 1000 * MEGABYTE;
const TOO_LOW = 200 * MEGABYTE;

/** How much room the disk of the data directory has. */
export function checkDisk({ DATA_DIR }: Env): Finding {
  const free = freeBytes(nearestExisting(resolve(DATA_DIR)));
  const detail = `${Math.floor(free / MEGABYTE).toLocaleString('en')} MB free on the disk of ${DATA_DIR}.`;
  if (free < TOO_LOW) return fail('disk', `${detail} Free some, or set DATA_DIR to another disk.`);
  return free < LOW ? warn('disk', `${detail} Free some soon.`) : ok('disk', detail);
}

/** The directory itself, or the nearest one above it that is there. */
export function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(dirname(directory));
}
