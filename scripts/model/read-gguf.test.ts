import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { readGguf } from './read-gguf.ts';

/** A file of these bytes. */
async function file(content: Buffer | string): Promise<string> {
  const path = join(await temporaryDirectory(), 'model.gguf');
  await writeFile(path, content);
  return path;
}

function header(version: number): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('GGUF', 'latin1');
  bytes.writeUInt32LE(version, 4);
  bytes.writeBigUInt64LE(272n, 8);
  return bytes;
}

test('the header of a GGUF file is read', async () => {
  expect(await readGguf(await file(header(3)))).toEqual({ version: 3, tensors: 272, bytes: 40 });
});

test.each([
  ['another form', 'PK\u0003\u0004 a zip', 'is not a GGUF file'],
  ['a pointer', 'version https://git-lfs.github.com/spec/v1\n', 'pointer of Git LFS'],
  ['an empty file', '', 'is not a GGUF file'],
  ['a file that is cut off', 'GGUF\u0003', 'is cut off'],
  ['an old version', header(1), 'is GGUF version 1'],
])('%s is refused by name', async (_, content, message) => {
  await expect(readGguf(await file(content))).rejects.toThrow(message);
});

test('a missing file and a folder are named', async () => {
  await expect(readGguf('nowhere.gguf')).rejects.toThrow('There is no file nowhere.gguf');
  await expect(readGguf(await temporaryDirectory())).rejects.toThrow('is not a file');
});

test('the server is pinned, has no builds for graphics cards, and is no dependency of the system', () => {
  const read = (path: string) =>
    JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
  const folder = join(import.meta.dirname, 'server');
  expect(read(join(folder, 'package.json')).dependencies).toEqual({ 'node-llama-cpp': '3.21.1' });
  const packages = read(join(folder, 'package-lock.json')).packages as Record<
    string,
    { link?: boolean; version?: string }
  >;
  const builds = Object.entries(packages).filter(([path]) =>
    path.startsWith('node_modules/@node-llama-cpp/'),
  );
  const real = builds.filter(([, { link }]) => !link).map(([path]) => path.split('/').at(-1));
  expect(real.filter((name) => /cuda|vulkan/.test(name ?? ''))).toEqual([]);
  expect(real).toContain('linux-x64');
  expect(packages['node_modules/node-llama-cpp']?.version).toBe('3.21.1');
  const root = read('package.json');
  const everywhere = { ...root.dependencies, ...root.devDependencies, ...root.optionalDependencies };
  expect(Object.keys(everywhere).filter((name) => name.includes('llama'))).toEqual([]);
});
