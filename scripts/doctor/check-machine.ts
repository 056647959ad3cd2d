import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Env, volumeDirectory } from '#lib/env.ts';
import { hasCode } from '#lib/errors.ts';
import { freeBytes } from '../supervisor/data-directory.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** The first version that runs TypeScript without a flag. */
const MIN_NODE = [22, 18] as const;

/** Whether this Node is new enough. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  if (isEnough) return ok('Node', version);
  return fail('Node', `${version} is too old: install ${MIN_NODE.join('.')} or later, or start through npm.`);
}

type LockedPackage = { os?: string[]; cpu?: string[]; libc?: string[]; dev?: boolean };
type Platform = { os: string; cpu: string; libc: string };

/** Whether every package that the lockfile has for this platform alone is installed: Node, Postgres, compilers. */
export function checkPackages(root: string, platform: Platform = thisPlatform()): Finding {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const required = Object.entries(lock.packages)
    .filter(([, entry]) => isFor(entry, platform))
    .map(([path]) => path);
  const missing = required.filter((path) => !existsSync(join(root, path, 'package.json')));
  if (missing.length === 0)
    return ok('packages', `${required.length} for ${platform.os}-${platform.cpu} are installed.`);
  const names = missing.map((path) => path.replace(/^.*node_modules\//, '')).join(', ');
  return fail('packages', `Missing for this platform: ${names}. Run npm ci --include=optional.`);
}

function isFor({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  if (!os && !cpu) return false;
  const includes = (list: string[] | undefined, value: string) => !list || list.includes(value);
  return includes(os, platform.os) && includes(cpu, platform.cpu) && includes(libc, platform.libc);
}

function thisPlatform(): Platform {
  return { os: process.platform, cpu: process.arch, libc: usesGlibc() ? 'glibc' : 'musl' };
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}

const MEGABYTE = 1_000_000;
const LOW_BYTES = 1000 * MEGABYTE;
const MIN_BYTES = 200 * MEGABYTE;

/** How much space the disk of the data directory has. */
export function checkDisk({ DATA_DIR }: Env): Finding {
  const free = freeBytes(nearestExisting(resolve(DATA_DIR)));
  const detail = `${Math.floor(free / MEGABYTE).toLocaleString('en')} MB free on the disk of ${DATA_DIR}.`;
  if (free < MIN_BYTES) return fail('disk', `${detail} Free some, or set DATA_DIR to another disk.`);
  return free < LOW_BYTES ? warn('disk', `${detail} Free some soon.`) : ok('disk', detail);
}

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

/** The directory itself if it exists, else the nearest one above it that does. */
function nearestExisting(directory: string): string {
  return existsSync(directory) ? directory : nearestExisting(dirname(directory));
}
