import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '#lib/env.ts';

const SOURCES = [
  '{app,lib,db,public}/**/*.{ts,tsx,css,json,svg,png,ico,woff2}',
  '*.config.{ts,mjs}',
  'proxy.ts',
  'instrumentation.ts',
  'tsconfig.json',
  'package-lock.json',
];

/** A digest of everything that the built console is made of, next.config.ts's environment included, tests not. */
export function digestOfSources(root: string, { PUBLIC_URL = '' }: Pick<Env, 'PUBLIC_URL'>): string {
  const hash = createHash('sha256').update(`${PUBLIC_URL}\n`);
  const files = globSync(SOURCES, { cwd: root, exclude: ['**/*.test.*'] });
  for (const file of files.sort()) {
    const content = readFileSync(join(root, file));
    hash.update(`${file} ${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

/** Where the digest of the last finished build is kept: inside the build, so that both vanish together. */
export function builtDigestPath(root: string): string {
  return join(root, '.next', 'built-from');
}

/** Whether the built console is missing or was made of other sources. */
export function isBuildNeeded(root: string, digest: string): boolean {
  const path = builtDigestPath(root);
  const complete = existsSync(join(root, '.next', 'BUILD_ID')) && existsSync(path);
  return !complete || readFileSync(path, 'utf8') !== digest;
}
