import { AppError, OperatorError } from '#lib/errors.ts';

type Coded = { code?: string; message?: string; address?: string; port?: number };

const LOST = new Set(['57P01', '57P02', '57P03', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);
/** Messages of `pg` that have no code. */
const BROKEN = /^(Connection terminated|Client has encountered a connection error|Client was closed)/;

/** Whether the server was lost, is shutting down or is not up yet, so that it is worth trying again. */
export function isConnectionLost(error: unknown): boolean {
  return chain(error).some(({ code = '', message = '' }) => LOST.has(code) || BROKEN.test(message));
}

/**
 * Says in one sentence what an error of Postgres or the system means for the person who runs a command.
 * @returns undefined for an error that a person cannot act on.
 */
export function describeError(error: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  for (const link of chain(error)) {
    const timedOut = /^timeout (expired|exceeded)/i.test(link.message ?? '');
    const sentence = sentences[timedOut ? 'ETIMEDOUT' : (link.code ?? '')];
    if (sentence) return new OperatorError(sentence, { cause: error });
  }
  if (!isConnectionLost(error)) return undefined;
  return new OperatorError(
    'The connection to Postgres was lost; what was committed is kept. Start the command again.',
    { cause: error },
  );
}

/** An error and its causes. */
function chain(error: unknown): Coded[] {
  const links: Coded[] = [];
  for (let link = error; link instanceof Error && links.length < 10; link = link.cause) links.push(link);
  return links;
}

const unreachable =
  'No Postgres answers at the address of DATABASE_URL. Start it, correct the address, or unset DATABASE_URL to use the embedded one.';
const refused = 'Postgres refuses the user or password of DATABASE_URL. Correct them and start again.';
const diskFull =
  'The disk is full. Free some space and start again; what was committed is kept and nothing was written halfway.';
const notAllowed =
  'The user of DATABASE_URL has no permission for this. Make it the owner of the database, so that it can create schemas.';

const sentences: Record<string, string> = {
  ECONNREFUSED: unreachable,
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ETIMEDOUT: unreachable,
  EHOSTUNREACH: unreachable,
  ENETUNREACH: unreachable,
  '28P01': refused,
  '28000': refused,
  '3D000':
    'The database that DATABASE_URL names does not exist. Create it, for example with createdb, and start again.',
  '42501': notAllowed,
  '53100': diskFull,
  ENOSPC: diskFull,
  EDQUOT: diskFull,
  '53200': 'Postgres has no memory left. Close other programs and start again; what was committed is kept.',
  '53300': 'Postgres accepts no more connections. Close some, or raise max_connections, and start again.',
  '55P03': 'Another command holds a lock that this one needs. Wait until it is done and start again.',
  '57P03': 'Postgres is starting up or shutting down. Start the command again in a moment.',
};
