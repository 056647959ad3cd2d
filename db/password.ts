import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { loadEnv } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';

/** Where the passwords of new connections come from, if the address names none. */
export type PasswordSource = {
  DATABASE_PASSWORD_COMMAND?: string | undefined;
  DATABASE_PASSWORD_FILE?: string | undefined;
  PGPASSWORD?: string | undefined;
};

export type PasswordProvider = {
  /** @throws OperatorError that names the variable and what failed. */
  read(): Promise<string>;
  /**
   * The server refused a password: the next connection asks again, unless another has been read since. Some services
   * make a former token useless by each new one.
   */
  forget(refused: string): void;
};

/** There is no password at the moment, because a command failed or a file is being written. */
export class PasswordError extends OperatorError {}

const COMMAND_LIMIT_MS = 30_000;
/** Bursts of new connections share one run of the command. */
const SHARED_MS = 2_000;
/** A token is replaced so long before its end, or after half of its time, if that is later. */
const BEFORE_EXPIRY_MS = 60_000;

/** Asks a command or a file for the password; a token that states its expiry is kept until shortly before. */
export function createPasswordProvider(
  source: PasswordSource,
  now: () => number = Date.now,
): PasswordProvider | undefined {
  const { DATABASE_PASSWORD_COMMAND: command, DATABASE_PASSWORD_FILE: file, PGPASSWORD: fixed } = source;
  if (file) return { read: () => readPasswordFile(file), forget: () => undefined };
  if (!command) return fixed ? { read: async () => fixed, forget: () => undefined } : undefined;
  type KnownPassword = { password: Promise<string>; value?: string; until: number };
  let known: KnownPassword | undefined;
  const ask = () => {
    const asked: KnownPassword = { password: runPasswordCommand(command), until: Number.POSITIVE_INFINITY };
    known = asked;
    asked.password.then(
      (password) => {
        asked.value = password;
        asked.until = now() + lifetimeOf(password, now());
      },
      () => {
        if (known === asked) known = undefined;
      },
    );
    return asked.password;
  };
  return {
    read: () => (known && now() < known.until ? known.password : ask()),
    forget: (refused) => {
      if (known?.value === refused) known = undefined;
    },
  };
}

let ofEnvironment: PasswordProvider | null | undefined;

/** The provider that the environment names, one for the process. */
export function environmentPassword(): PasswordProvider | undefined {
  ofEnvironment ??= createPasswordProvider(loadEnv()) ?? null;
  return ofEnvironment ?? undefined;
}

function lifetimeOf(password: string, now: number): number {
  const expiry = expiryOf(password);
  if (expiry === undefined) return SHARED_MS;
  const left = Math.max(0, expiry - now);
  return Math.max(left - BEFORE_EXPIRY_MS, left / 2);
}

/** The `exp` of a JSON web token in milliseconds; undefined for any other text. */
function expiryOf(password: string): number | undefined {
  const [, payload, signature] = password.split('.');
  if (!payload || signature === undefined) return undefined;
  try {
    const { exp } = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof exp === 'number' ? exp * 1000 : undefined;
  } catch {
    // A password with dots in it is no token.
    return undefined;
  }
}

async function readPasswordFile(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new OperatorError(`The file of DATABASE_PASSWORD_FILE cannot be read (${error.code}).`, {
      cause: error,
    });
  });
  return requireText(text, 'The file of DATABASE_PASSWORD_FILE is empty.');
}

function runPasswordCommand(command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      '/bin/sh',
      ['-c', command],
      { timeout: COMMAND_LIMIT_MS },
      (error, stdout, stderr) => {
        try {
          if (error?.killed) throw new OperatorError(describeExit(error, stderr));
          if (error) throw new PasswordError(describeExit(error, stderr));
          resolve(requireText(stdout, 'The command of DATABASE_PASSWORD_COMMAND printed nothing.'));
        } catch (failure) {
          reject(failure);
        }
      },
    );
    child.stdin?.end();
  });
}

function describeExit({ code, killed }: { code?: unknown; killed?: boolean }, stderr: string): string {
  const why = killed ? 'gave no answer within 30 seconds' : `failed with code ${code}`;
  const said = stderr.trim().split('\n')[0]?.slice(0, 200);
  return `The command of DATABASE_PASSWORD_COMMAND ${why}${said ? `: ${said}` : ''}.`;
}

function requireText(text: string, sentence: string): string {
  const password = text.trim();
  if (!password) throw new PasswordError(sentence);
  return password;
}
