import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Finding, fail, ok } from './finding.ts';

type LockedPackage = { os?: string[]; cpu?: string[]; libc?: string[]; dev?: boolean };
type Platform = { os: string; cpu: string; libc: string };

/** Whether every package that the lockfile has for this platform alone is there: Node, Postgres, compilers. */
export function checkPackages(root: string, platform: Platform = thisPlatform()): Finding {
  const lock: { packages: Record<string, LockedPackage> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  const wanted = Object.entries(lock.packages)
    .filter(([, entry]) => isFor(entry, platform))
    .map(([path]) => path);
  const missing = wanted.filter((path) => !existsSync(join(root, path, 'package.json')));
  if (missing.length === 0)
    return ok('packages', `${wanted.length} for ${platform.os}-${platform.cpu} are there.`);
  const names = missing.map((path) => path.replace(/^.*node_modules\//, '')).join(', ');
  return fail('packages', `Missing for this platform: ${names}. Run npm ci --include=optional.`);
}

function isFor({ os, cpu, libc }: LockedPackage, platform: Platform): boolean {
  if (!os && !cpu) return false;
  const fits = (list: string[] | undefined, value: string) => !list || list.includes(value);
  return fits(os, platform.os) && fits(cpu, platform.cpu) && fits(libc, platform.libc);
}

function thisPlatform(): Platform {
  return { os: process.platform, cpu: process.arch, libc: usesGlibc() ? 'glibc' : 'musl' };
}

function usesGlibc(): boolean {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime !== undefined;
}
