import { chmod, mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { listFiles } from './list-files.ts';
import { readEventFile, UnreadableFileError } from './read-file.ts';

const MEBIBYTE = 1_048_576;
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'volume-'));
});

test('lists the event files in order of names, and the skipped entries', async () => {
  const volume = join(directory, 'listed');
  await mkdir(join(volume, 'folder.json'), { recursive: true });
  for (const name of ['b.json', 'a.json', 'c.jsonl', 'd.json.gz', '.e.json', 'f.json.tmp', 'notes.txt'])
    await writeFile(join(volume, name), '');
  await symlink(join(volume, 'a.json'), join(volume, 'link.json'));
  const { files, skipped } = await listFiles(volume);
  expect(files).toEqual(['a.json', 'b.json', 'c.jsonl', 'd.json.gz']);
  expect(skipped.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual([
    { name: 'folder.json', reason: 'it is a directory' },
    { name: 'link.json', reason: 'it is a symbolic link' },
    { name: 'notes.txt', reason: 'its name does not end in .json, .jsonl or .ndjson' },
  ]);
});

test('a volume that does not exist yet is empty; one that is a file is refused', async () => {
  expect(await listFiles(join(directory, 'nowhere'))).toEqual({ files: [], skipped: [] });
  await writeFile(join(directory, 'file'), '');
  await expect(listFiles(join(directory, 'file'))).rejects.toThrow(/cannot be listed/);
});

test('decompresses gzip by its first bytes, whatever the name', async () => {
  const packed = gzipSync('{"a":1}');
  await writeFile(join(directory, 'packed.json'), packed);
  const file = readEventFile(directory, 'packed.json', MEBIBYTE);
  expect(file.content?.toString()).toBe('{"a":1}');
  expect(file.size).toBe(packed.length);
});

test('broken gzip has no content, but its raw bytes', async () => {
  const packed = gzipSync('{"a":1}'.repeat(1000)).subarray(0, 30);
  await writeFile(join(directory, 'broken.json.gz'), packed);
  const file = readEventFile(directory, 'broken.json.gz', MEBIBYTE);
  expect(file.content).toBeUndefined();
  expect(file.raw.equals(packed)).toBe(true);
});

test.each([
  ['vanished.json', /vanished\.json was removed/, async () => undefined],
  ['large.json', /larger than 1 MiB/, (path: string) => writeFile(path, Buffer.alloc(MEBIBYTE + 1))],
  ['bomb.json', /larger than 1 MiB/, (path: string) => writeFile(path, gzipSync(Buffer.alloc(4 * MEBIBYTE)))],
  ['link.json', /cannot be read/, (path: string) => symlink('/etc/hostname', path)],
  ['folder.json', /cannot be read/, (path: string) => mkdir(path)],
])('%s is a failure with a name', async (name, message, prepare) => {
  await prepare(join(directory, name));
  const read = () => readEventFile(directory, name, MEBIBYTE);
  expect(read).toThrow(UnreadableFileError);
  expect(read).toThrow(message);
});

test('a file without the right to read it is a failure with a name', async ({ skip }) => {
  skip(process.getuid?.() === 0, 'root may read every file');
  await writeFile(join(directory, 'secret.json'), '{}');
  await chmod(join(directory, 'secret.json'), 0);
  expect(() => readEventFile(directory, 'secret.json', MEBIBYTE)).toThrow(/may not be read/);
});
