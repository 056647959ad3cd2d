import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';

export type ServerUser = { uid: number; gid: number };
export type Outcome = { code: number; output: string };

const CAP_SETPCAP = 8n;
const CAP_DAC_OVERRIDE = 1n;

/**
 * Who runs Postgres: undefined is whoever runs this. Postgres refuses root, so then it is the owner of the data,
 * or `postgres`, or `nobody`.
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
 * Runs a program of Postgres on a data directory to its end, as the server's user and in a session of its own, so
 * that Ctrl-C does not cut it short. @returns its exit code and all that it printed.
 */
export function runProgram(file: string, data: string, args: string[], input = ''): Promise<Outcome> {
  const { prefix, identity } = becoming(serverUser(data));
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
  // A program that ends without reading its input closes the pipe; its exit code tells the rest.
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

type Becoming = { prefix: string[]; identity: Partial<ServerUser> };

/** With setpriv the server's user may still pass through directories that only root may enter, such as a 0700 home. */
function becoming(user: ServerUser | undefined): Becoming {
  if (!user) return { prefix: [], identity: {} };
  const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);
  if (!setpriv || !mayPassOn()) return { prefix: [], identity: user };
  const ids = [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
  const rights = [
    '--securebits=+no_setuid_fixup',
    '--inh-caps=+dac_override',
    '--ambient-caps=+dac_override',
  ];
  return { prefix: [setpriv, ...ids, ...rights], identity: {} };
}

function mayPassOn(): boolean {
  const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(status)?.[1] ?? '0'}`);
  return [CAP_SETPCAP, CAP_DAC_OVERRIDE].every((capability) => ((held >> capability) & 1n) === 1n);
}
