import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OperatorError } from '#lib/errors.ts';
import { type Binaries, findBinaries } from './binaries.ts';
import { type Outcome, runProgram, serverUser } from './run-program.ts';
import { isAlive } from './server-process.ts';

export const OWNER = 'caspers';
export const DATABASE = 'caspers';

/** A data directory and its files; `portFile` keeps the port between runs, so that the URL stays the same. */
export type Cluster = { binaries: Binaries; data: string; log: string; portFile: string; password: string };

export type ClusterOptions = {
  /** Holds the data, the password, the log and the port; created if missing. */
  directory: string;
  /** false is for tests: fast but not safe against power loss, and the last command stops the server despite other clients. */
  durable: boolean;
};

const ALWAYS = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'timezone=UTC', 'log_timezone=UTC'];
const QUIET = ['log_min_messages=warning', 'log_min_error_statement=panic', 'log_checkpoints=off'];
const SIZED = ['shared_buffers=256MB', 'max_wal_size=2GB', 'jit=off'];
const FAST = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off'];

/**
 * Opens the cluster of a directory, and creates it if there is none: in a temporary directory that is renamed into
 * place, so that it is complete or absent, however many commands start at once.
 * @throws OperatorError if it cannot be created, or if another major version of Postgres created it.
 */
export async function openCluster(options: ClusterOptions): Promise<Cluster> {
  const binaries = findBinaries();
  const { directory } = options;
  if (!isCreated(directory)) await createCluster(binaries, options);
  const version = readFileSync(join(directory, 'data', 'PG_VERSION'), 'utf8').trim();
  if (version !== binaries.major)
    throw new OperatorError(
      `${directory} was created by Postgres ${version}, and this version of the program includes Postgres ${binaries.major}. Move the directory away to start with an empty one, or use the version that created it.`,
    );
  return {
    binaries,
    data: realpathSync(join(directory, 'data')),
    log: join(directory, 'server.log'),
    portFile: join(directory, 'port'),
    password: readFileSync(join(directory, 'password'), 'utf8'),
  };
}

async function createCluster(binaries: Binaries, { directory, durable }: ClusterOptions): Promise<void> {
  const draft = `${directory}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  try {
    removeDeadDrafts(directory);
    mkdirSync(join(draft, 'data'), { recursive: true, mode: 0o700 });
    writeFileSync(join(draft, 'password'), randomBytes(24).toString('base64url'), { mode: 0o600 });
    writeFileSync(join(draft, 'server.log'), '', { mode: 0o600 });
    giveToServerUser([draft, join(draft, 'data'), join(draft, 'password'), join(draft, 'server.log')]);
    await initialise(binaries, draft, durable);
    renameUnlessExists(draft, directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

async function initialise(binaries: Binaries, draft: string, durable: boolean): Promise<void> {
  const data = join(draft, 'data');
  const settings = [...ALWAYS, ...QUIET, ...SIZED, ...(durable ? [] : FAST)].flatMap((each) => [
    '--set',
    each,
  ]);
  const access = [`--username=${OWNER}`, `--pwfile=${join(draft, 'password')}`, '--auth=scram-sha-256'];
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const sync = durable ? [] : ['--no-sync'];
  requireSuccess(
    await runProgram(binaries.initdb, data, ['-D', data, ...access, ...locale, ...sync, ...settings]),
  );
  const single = ['--single', '-D', data, '-c', 'exit_on_error=true', 'postgres'];
  requireSuccess(await runProgram(binaries.postgres, data, single, `create database ${DATABASE}\n`));
}

function requireSuccess({ code, output }: Outcome): void {
  if (code !== 0) throw new Error(output);
}

/** As root: initdb reads the password and Postgres writes the rest as the server's user. */
function giveToServerUser(paths: string[]): void {
  const user = serverUser('');
  if (user) for (const path of paths) chownSync(path, user.uid, user.gid);
}

function isCreated(directory: string): boolean {
  return existsSync(join(directory, 'data', 'PG_VERSION'));
}

function renameUnlessExists(draft: string, directory: string): void {
  try {
    renameSync(draft, directory);
  } catch (error) {
    // Another command was faster; its cluster is equivalent.
    if (!isCreated(directory)) throw error;
  }
}

function removeDeadDrafts(directory: string): void {
  const parent = dirname(directory);
  mkdirSync(parent, { recursive: true });
  const prefix = `${basename(directory)}.new-`;
  for (const entry of readdirSync(parent).filter((name) => name.startsWith(prefix)))
    if (!isAlive(Number.parseInt(entry.slice(prefix.length), 10)))
      rmSync(join(parent, entry), { recursive: true, force: true });
}
