import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A PgBouncer in front of the server of a database. */
export type Pooler = { url: string; stop(): Promise<void> };

export type PoolerOptions = {
  /** The address of the database; every client works as its user. */
  url: string;
  mode: 'session' | 'transaction';
  /** Connections to the server. */
  size?: number;
  /** Start-up parameters that are ignored instead of refused. */
  ignored?: string;
};

const isRoot = process.getuid?.() === 0;

/** Why PgBouncer cannot be used; it is installed from the packages of Debian where that is possible. */
export function findMissingPooler(): string | undefined {
  if (isInstalled()) return undefined;
  if (!isRoot) return 'pgbouncer is not installed, and installing it needs root';
  for (const command of ['apt-get update -qq', 'apt-get install -y -qq pgbouncer'])
    spawnSync('/bin/sh', ['-c', `DEBIAN_FRONTEND=noninteractive ${command}`], { timeout: 120_000 });
  return isInstalled() ? undefined : 'pgbouncer is not installed, and apt-get could not install it';
}

const findProgram = () => (existsSync('/usr/sbin/pgbouncer') ? '/usr/sbin/pgbouncer' : 'pgbouncer');
const isInstalled = () => spawnSync(findProgram(), ['--version']).status === 0;

/** Starts PgBouncer on a free port of loopback; it does not run as root. */
export async function startPooler({ url, mode, size = 5, ignored }: PoolerOptions): Promise<Pooler> {
  const server = new URL(url);
  const directory = mkdtempSync(join(tmpdir(), 'caspers-pooler-'));
  const port = await findFreePort();
  const database = server.pathname.slice(1);
  const password = server.password ? ` password=${decodeURIComponent(server.password)}` : '';
  const file = join(directory, 'pgbouncer.ini');
  writeFileSync(
    file,
    `[databases]
${database} = host=${server.hostname} port=${server.port} user=${decodeURIComponent(server.username)}${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
default_pool_size = ${size}
max_client_conn = 200
ignore_startup_parameters = extra_float_digits${ignored ? `,${ignored}` : ''}
`,
  );
  chmodSync(directory, 0o755);
  const child = spawn(findProgram(), [...(isRoot ? ['-u', runAs()] : []), file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  for (let attempt = 0; !(await isListening(port)); attempt += 1) {
    if (child.exitCode !== null || attempt > 100) throw new Error(`PgBouncer does not answer: ${said}`);
    await pause(50);
  }
  const stop = async () => {
    rmSync(directory, { recursive: true, force: true });
    if (child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  };
  return { url: `postgres://any@127.0.0.1:${port}/${database}`, stop };
}

/** A user of the system that is not root. */
function runAs(): string {
  return spawnSync('id', ['postgres']).status === 0
    ? 'postgres'
    : execFileSync('id', ['-nu', '65534'], { encoding: 'utf8' }).trim();
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
