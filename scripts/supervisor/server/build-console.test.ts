import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { builtDigestPath, digestOfSources, isBuildNeeded } from './build-console.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caspers-build-'));
  for (const folder of ['app', 'lib', '.next']) mkdirSync(join(root, folder));
  write('app/page.tsx', 'page');
  write('lib/money.ts', 'money');
  write('package-lock.json', '{}');
});

afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(join(root, file), text);

test('a source that changes, comes or goes changes the digest', () => {
  const digests = [digestOfSources(root, {})];
  for (const [file, text] of [
    ['app/page.tsx', 'other'],
    ['lib/new.ts', 'new'],
    ['package-lock.json', '{"next":1}'],
    ['next.config.ts', 'export default {}'],
  ] as const) {
    write(file, text);
    digests.push(digestOfSources(root, {}));
  }
  rmSync(join(root, 'lib/new.ts'));
  digests.push(digestOfSources(root, {}));
  digests.push(digestOfSources(root, { PUBLIC_URL: 'https://refunds.example.com' }));
  expect(new Set(digests).size).toBe(digests.length);
});

test('tests and what is not of the console do not count', () => {
  const before = digestOfSources(root, {});
  write('app/page.test.tsx', 'test');
  write('README.md', 'text');
  expect(digestOfSources(root, {})).toBe(before);
});

test('a build is needed until one of the same sources is complete', () => {
  const digest = digestOfSources(root, {});
  expect(isBuildNeeded(root, digest)).toBe(true);
  writeFileSync(builtDigestPath(root), digest);
  expect(isBuildNeeded(root, digest)).toBe(true);
  write('.next/BUILD_ID', 'id');
  expect(isBuildNeeded(root, digest)).toBe(false);
  expect(isBuildNeeded(root, 'other')).toBe(true);
});
