import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Env, parseEnvironment } from '#lib/env.ts';
import { processIdentity } from '../supervisor/process/process-identity.ts';
import { runRecordPath, writeRunRecord } from '../supervisor/process/run-record.ts';
import { checkNode, checkPackages } from './check-machine.ts';
import { checkPort, checkProcesses, findRun } from './check-processes.ts';
import { formatFindings } from './finding.ts';

let directory: string;
let env: Env;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'caspers-doctor-'));
  env = parseEnvironment({ DATA_DIR: directory });
});

afterEach(() => rmSync(directory, { recursive: true }));

test('a Node that cannot run TypeScript is a failure that says what to do', () => {
  expect(['24.0.0', '22.18.0'].map((version) => checkNode(version).level)).toEqual(['ok', 'ok']);
  expect(checkNode('22.17.9')).toMatchObject({
    level: 'fail',
    detail: expect.stringMatching(/install 22\.18/),
  });
});

test('a missing package for this platform is named; one for another platform is not', () => {
  const packages = {
    'node_modules/@tool/linux-x64': { os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    'node_modules/@tool/linux-x64-musl': { os: ['linux'], cpu: ['x64'], libc: ['musl'] },
    'node_modules/@tool/darwin-arm64': { os: ['darwin'], cpu: ['arm64'] },
    'node_modules/plain': {},
  };
  writeFileSync(join(directory, 'package-lock.json'), JSON.stringify({ packages }));
  const platform = { os: 'linux', cpu: 'x64', libc: 'glibc' };
  expect(checkPackages(directory, platform).detail).toMatch(
    /^Missing for this platform: @tool\/linux-x64\. Run/,
  );
  const place = join(directory, 'node_modules/@tool/linux-x64');
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), '{}');
  expect(checkPackages(directory, platform).level).toBe('ok');
});

test('a process that is down is named while the supervisor is running', () => {
  const self = processIdentity(process.pid);
  if (!self) throw new Error('this process was not found');
  const dead = { ...self, startedAt: 'before' };
  expect(checkProcesses(env, findRun(env)).detail).toMatch(/not running/);
  writeRunRecord(runRecordPath(directory), { supervisor: self, children: { console: self, pipeline: dead } });
  expect(checkProcesses(env, findRun(env))).toMatchObject({
    level: 'warn',
    detail: expect.stringContaining(': pipeline.'),
  });
  writeRunRecord(runRecordPath(directory), { supervisor: dead, children: {} });
  expect(findRun(env)).toBeUndefined();
});

test('a port that another program uses is a failure', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port = 0 } = server.address() as { port?: number };
  expect(await checkPort({ ...env, PORT: port }, undefined)).toMatchObject({ level: 'fail' });
  await new Promise((resolve) => server.close(resolve));
  expect(await checkPort({ ...env, PORT: port }, undefined)).toMatchObject({ level: 'ok' });
});

test('findings are printed in columns, without colour where there is no terminal', () => {
  const text = formatFindings(
    [
      { name: 'Node', level: 'ok', detail: '24' },
      { name: 'Postgres', level: 'fail', detail: 'down' },
    ],
    new PassThrough(),
  );
  expect(text).toBe('ok    Node      24\nfail  Postgres  down\n');
});
