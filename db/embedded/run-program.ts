import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

export type ServerUser = { uid: number; gid: number };
export type Outcome = { code: number; output: string };

const CAP_SETPCAP = 8n;
const CAP_DAC_OVERRIDE = 1n;

/**
 * The user that Postgres runs as; undefined is the current one. Postgres does not run as root, so for root it is the
 * owner of the data, or `postgres`, or `nobody`.
 */
export function serverUser(data: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return lookUp('postgres') ?? lookUp('nobody') ?? { uid: 65_534, gid: 65_534 };
}

function lookUp(name: string): ServerUser | undefined {
  const passwd = existsSync('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
  const [, , uid, gid] = passwd
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
    ?.split(':') ?? [undefined];
  return uid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/**
 * Runs a program of Postgres on a data directory until it ends, as the server's user and in a session of its own, so
 * that Ctrl-C does not interrupt it. @returns its exit code and everything that it printed.
 */
export function runProgram(file: string, data: string, args: string[], input = ''): Promise<Outcome> {
  const { prefix, identity } = runAs(serverUser(data));
  const [command = file, ...rest] = [...prefix, file, ...args];
  const child = spawn(command, rest, {
    ...identity,
    cwd: '/',
    env: { NODE_ENV: 'production', PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    detached: true,
    stdio: 'pipe',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  // A program that ends without reading its input closes the pipe; its exit code says why.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

type RunAs = { prefix: string[]; identity: Partial<ServerUser> };

/** With setpriv the server's user can still enter directories that only root may enter, such as a 0700 home. */
function runAs(user: ServerUser | undefined): RunAs {
  if (!user) return { prefix: [], identity: {} };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);
  if (!setpriv || !hasCapabilities()) return { prefix: [], identity: user };
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const rights = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return { prefix: [setpriv, ...ids, ...rights], identity: {} };
}

function hasCapabilities(): boolean {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return [CAP_SETPCAP, CAP_DAC_OVERRIDE].every((capability) => ((held >> capability) & 1n) === 1n);
}
