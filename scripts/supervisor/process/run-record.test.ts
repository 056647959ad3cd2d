import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAlive, processIdentity } from './process-identity.ts';
import { claimRun, readRunRecord, releaseRun, runRecordPath, writeRunRecord } from './run-record.ts';

const URL_A = 'http://127.0.0.1:3000';
let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'caspers-run-'));
  path = runRecordPath(directory);
});

afterEach(() => rmSync(directory, { recursive: true }));

test('the first start claims the directory and the second learns where the console is', () => {
  const claim = claimRun(path);
  expect(claim).toMatchObject({ outcome: 'claimed', previous: undefined });
  writeRunRecord(path, { ...claim.record, url: URL_A });
  expect(claimRun(path)).toMatchObject({
    outcome: 'running',
    record: { url: URL_A },
  });
  releaseRun(path);
  expect(readdirSync(directory)).toEqual([]);
});

test('the record of a dead supervisor is taken over and handed back with its children', () => {
  const dead = { pid: process.pid, startedAt: 'another boot 1' };
  writeRunRecord(path, { supervisor: dead, url: URL_A, children: { console: dead } });
  const claim = claimRun(path);
  expect(claim).toMatchObject({ outcome: 'claimed', previous: { children: { console: dead } } });
  expect(readRunRecord(path)?.supervisor).toEqual(processIdentity(process.pid));
});

test('a record that was cut off while it was written counts as none', () => {
  expect(readRunRecord(path)).toBeUndefined();
  expect(claimRun(path).outcome).toBe('claimed');
});

test('a process is recognised by its number and its start', () => {
  const self = processIdentity(process.pid);
  expect(self && isAlive(self)).toBe(true);
  expect(self && isAlive({ ...self, startedAt: 'before' })).toBe(false);
  expect(processIdentity(2 ** 22 + 1)).toBeUndefined();
});
