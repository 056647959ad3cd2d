import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBoundedLog } from './bounded-log.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'caspers-log-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

const refuse = (error: unknown) => {
  throw error;
};

test('a log and the older one beside it stay within the bound, and the newest lines are there', () => {
  const path = join(directory, 'logs/pipeline.log');
  for (const part of [0, 1]) {
    const log = openBoundedLog(path, 1000, refuse);
    for (let line = 0; line < 100; line += 1) log.write(`part ${part} line ${line}`);
  }
  expect(statSync(path).size).toBeLessThanOrEqual(1000);
  expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1000);
  expect(readFileSync(path, 'utf8').trim().split('\n').at(-1)).toBe('part 1 line 99');
});

test('a log that cannot be written says so once and tries again', () => {
  const path = join(directory, 'pipeline.log');
  const problems: unknown[] = [];
  const log = openBoundedLog(path, 1000, (error) => problems.push(error));
  mkdirSync(path);
  log.write('lost');
  log.write('lost');
  expect(problems).toHaveLength(1);
  rmSync(path, { recursive: true });
  log.write('kept');
  expect(readFileSync(path, 'utf8')).toBe('kept\n');
});
