import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OperatorError } from '#lib/errors.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';
import { writeFileAtomically, writeFilesAtomically } from './write-file.ts';

test('a file appears complete under its own name, in a directory that is created if missing', async () => {
  const directory = join(await temporaryDirectory(), 'deeper', 'events');
  await writeFileAtomically(directory, 'a.json', '{"a":1}\n');
  await writeFileAtomically(directory, 'a.json', '{"a":2}\n');
  expect(await readdir(directory)).toEqual(['a.json']);
  expect(await readFile(join(directory, 'a.json'), 'utf8')).toBe('{"a":2}\n');
});

test('a full disk gives a one-sentence error and leaves no incomplete file', async () => {
  const directory = await temporaryDirectory();
  await symlink('/dev/full', join(directory, '.a.json.tmp'));
  const failure = writeFileAtomically(directory, 'a.json', 'x'.repeat(1_000_000));
  await expect(failure).rejects.toThrow(`The disk of ${directory} is full. Free some space and start again`);
  expect(await readdir(directory)).toEqual([]);
});

test('files appear in their order, and no file after one that fails', async () => {
  const directory = await temporaryDirectory();
  const files = ['c', 'a', 'b'].map((name) => ({ name, content: name }));
  await writeFilesAtomically(directory, files);
  expect((await readdir(directory)).sort()).toEqual(['a', 'b', 'c']);
  await mkdir(join(directory, 'e', 'full'), { recursive: true });
  const more = ['d', 'e', 'f'].map((name) => ({ name, content: name }));
  await expect(writeFilesAtomically(directory, more)).rejects.toBeInstanceOf(OperatorError);
  expect((await readdir(directory)).sort()).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('a directory that cannot be written gives a one-sentence error', async () => {
  const directory = await temporaryDirectory();
  await writeFile(join(directory, 'file'), '');
  for (const path of [join(directory, 'file', 'x'), join(directory, 'file')])
    await expect(writeFileAtomically(path, 'a', '')).rejects.toThrow(/a part of its path is a file/);
});

test('missing permissions give a one-sentence error', async ({ skip }) => {
  skip(process.platform !== 'linux', 'needs /sys, where no user may write');
  const failure = writeFileAtomically('/sys', 'a.json', '');
  await expect(failure).rejects.toBeInstanceOf(OperatorError);
  await expect(failure).rejects.toThrow(/cannot be written. Grant this user write permission/);
});
