import { renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import pg from 'pg';
import { onServer } from '#db/maintenance.ts';
import { systemClock } from '#lib/clock.ts';

/** A login of the console, whose password changes; `command` prints the one that is valid now. */
export type Login = { user: string; url: string; command: string };

/** Creates a login that may do what the console may. */
export async function createLogin(url: string, user: string): Promise<Pick<Login, 'user' | 'url'>> {
  await onServer(url, (client) =>
    client.query(`create role ${user} login password 'first'; grant caspers_console to ${user}`),
  );
  const own = new URL(url);
  own.username = user;
  own.password = '';
  return { user, url: own.href };
}

export async function dropLogins(url: string, users: string[]): Promise<void> {
  await onServer(url, (client) => client.query(`drop role if exists ${users.join(', ')}`));
}

/** Whether the server refuses a wrong password; one that trusts everyone proves nothing. */
export async function asksForPasswords({ url }: Pick<Login, 'url'>): Promise<boolean> {
  const wrong = new URL(url);
  wrong.password = 'wrong';
  const client = new pg.Client({ connectionString: wrong.href });
  client.on('error', () => undefined);
  const code = await client.connect().then(
    () => undefined,
    (error: { code?: string }) => error.code,
  );
  await client.end();
  return code === '28P01';
}

/** Passwords that are replaced at any time: `rotate` makes the former one useless and writes the next into the file. */
export type Rotating = Login & { rotate(n: number): Promise<void> };

export async function createRotating(server: string, user: string, directory: string): Promise<Rotating> {
  const login = await createLogin(server, user);
  const path = join(directory, 'password');
  const write = (password: string) => {
    writeFileSync(`${path}.tmp`, `${password}\n`, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  };
  write('first');
  const rotate = async (n: number) => {
    await setPassword(server, user, `secret ${n}`);
    write(`secret ${n}`);
  };
  return { ...login, command: `cat '${path}'`, rotate };
}

/** Tokens with an end: each request to the issuer makes one that replaces the former one. */
export type Issuer = Login & {
  issued: number;
  /** The least time in seconds that a token still had when the next one was asked for. */
  secondsLeft: number;
  stop(): void;
};

/** @param seconds how long a token is used before it is replaced: half of its time, as db/password.ts does. */
export async function createIssuer(server: string, user: string, seconds: number): Promise<Issuer> {
  const login = await createLogin(server, user);
  let expiresAt: number | undefined;
  const issue = async () => {
    const now = systemClock.now().getTime();
    if (expiresAt !== undefined) issuer.secondsLeft = Math.min(issuer.secondsLeft, (expiresAt - now) / 1000);
    expiresAt = now + 2 * seconds * 1000;
    issuer.issued += 1;
    const token = createToken(expiresAt, issuer.issued);
    await setPassword(server, user, token, new Date(expiresAt));
    return token;
  };
  const http = createServer((_, response) => {
    issue().then(
      (token) => response.end(token),
      (error: Error) => response.writeHead(500).end(error.message),
    );
  });
  const script = `fetch('${await listen(http)}').then((r) => r.ok && r.text()).then((t) => t && process.stdout.write(t))`;
  const issuer: Issuer = {
    ...login,
    command: `'${process.execPath}' -e "${script}"`,
    issued: 0,
    secondsLeft: Number.POSITIVE_INFINITY,
    stop: () => void http.close(),
  };
  return issuer;
}

async function setPassword(server: string, user: string, password: string, until?: Date): Promise<void> {
  const end = until ? ` valid until ${pg.escapeLiteral(until.toISOString())}` : '';
  await onServer(server, (client) =>
    client.query(`alter role ${user} password ${pg.escapeLiteral(password)}${end}`),
  );
}

/** A JSON web token that states its end; its signature is not checked by Postgres. */
function createToken(expiresAt: number, n: number): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none' })}.${encode({ exp: Math.floor(expiresAt / 1000), jti: n })}.c2lnbmF0dXJl`;
}

async function listen(http: Server): Promise<string> {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const address = http.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
}
