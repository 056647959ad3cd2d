import { expect, test } from 'vitest';
import { findExitReason, readLogLine } from './log-line.ts';

test('a structured line is a problem from warn on', () => {
  expect(readLogLine('{"level":30,"msg":"batch 3"}')).toEqual({ text: 'batch 3', isProblem: false });
  expect(readLogLine('{"level":50,"msg":"batch failed","err":{"message":"disk full"}}')).toEqual({
    text: 'batch failed: disk full',
    isProblem: true,
  });
});

test('plain text and broken JSON are not problems', () => {
  expect(readLogLine(' generating 10% ')).toEqual({ text: 'generating 10%', isProblem: false });
  expect(readLogLine('{ level')).toEqual({ text: '{ level', isProblem: false });
});

test('the reason of a crash is its error, not its stack trace', () => {
  const crash = [
    'node:internal/fs/utils:358',
    '    throw new Error()',
    '    ^',
    '',
    'Error: ENOSPC: no space left on device, write',
    '    at writeSync (node:fs:900:3)',
    '  errno: -28,',
    "  code: 'ENOSPC'",
    '}',
    '',
    'Node.js v24.21.0',
  ];
  expect(findExitReason(crash)).toBe('Error: ENOSPC: no space left on device, write');
});

test('the reason of a failure without an error is its last line; without output there is none', () => {
  expect(findExitReason(['reading', 'The volume is not writable.'])).toBe('The volume is not writable.');
  expect(findExitReason(['', '  '])).toBeUndefined();
});
