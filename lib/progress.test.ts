import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createProgress, createStatusLine } from './progress.ts';

test('without a terminal, each tenth of the work is a plain line', () => {
  const output = new PassThrough();
  const progress = createProgress('Copying', 40, output);
  for (let done = 1; done <= 40; done += 1) progress.update(done, `${done} files`);
  progress.stop();
  const lines = String(output.read()).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines[0]).toBe('Copying 10% 4 files');
  expect(lines[9]).toBe('Copying 100% 40 files');
});

test('no work counts as done', () => {
  const output = new PassThrough();
  createProgress('Copying', 0, output).update(0);
  expect(String(output.read())).toBe('Copying 100%\n');
});

test('a terminal gets a bar', () => {
  const output = Object.assign(new PassThrough(), {
    isTTY: true,
    cursorTo: () => true,
    clearLine: () => true,
  });
  const progress = createProgress('Copying', 2, output);
  progress.update(2, 'done');
  progress.stop();
  expect(String(output.read())).toContain('Copying');
});

test('a status line is one line on a terminal, and not shown elsewhere', () => {
  const elsewhere = new PassThrough();
  createStatusLine(elsewhere).update('12:00');
  expect(elsewhere.read()).toBe(null);
  const terminal = Object.assign(new PassThrough(), { isTTY: true });
  const line = createStatusLine(terminal);
  for (const text of ['12:00', '12:00', '12:01']) line.update(text);
  line.stop();
  line.stop();
  expect(String(terminal.read())).toBe('\r\u001b[K12:00\r\u001b[K12:01\n');
});
