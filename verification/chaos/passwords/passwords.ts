import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'drizzle-orm/sql';
import { integer, textArray } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import { createApiToken } from '#lib/auth/people/index.ts';
import { seedQueue } from '../../setup/seed-queue.ts';
import { type StartedServer, startApi } from '../../setup/start-process.ts';
import type { Experiment, ExperimentContext, Outcome } from '../sandbox/experiment.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';
import { startLoad } from './load.ts';
import {
  asksForPasswords,
  createIssuer,
  createRotating,
  dropLogins,
  type Issuer,
  type Login,
  type Rotating,
} from './logins.ts';

const SECONDS = 60;
const CLIENTS = 4;
/** Every second, all connections of the consoles are replaced by new ones, which need the password. */
const RECONNECT_MS = 1_000;
/** Clients decide at most five times a second. */
const ORDERS_PER_SECOND = 2 * CLIENTS * 5;

/**
 * Two consoles answer reads and decisions: the password of one is replaced every minute, the other has tokens that end.
 * All connections are made again every second.
 */
export const passwords: Experiment = {
  goal: 'the password of the server is replaced, and tokens end, under load: no request fails, and every token is replaced before its end',
  times: 10,
  timesInTests: 2,
  run: (context) => withSandbox(context.server, (sandbox) => runWithLogins(context, sandbox)),
};

async function runWithLogins(context: ExperimentContext, sandbox: Sandbox): Promise<Outcome> {
  const { url, volume } = sandbox;
  const users = ['rotating', 'issued'].map((kind) => `caspers_chaos_${process.pid}_${kind}`);
  const [first = '', second = ''] = users;
  let issuer: Issuer | undefined;
  try {
    const rotating = await createRotating(url, first, volume);
    issuer = await createIssuer(url, second, context.seconds ?? SECONDS);
    if (await asksForPasswords(rotating)) return await withConsoles(context, sandbox, rotating, issuer);
    return { figures: {}, problems: [], skipped: 'this server does not ask for passwords' };
  } finally {
    issuer?.stop();
    await dropLogins(url, users);
  }
}

async function withConsoles(
  context: ExperimentContext,
  sandbox: Sandbox,
  rotating: Rotating,
  issuer: Issuer,
): Promise<Outcome> {
  const orders = (context.seconds ?? SECONDS) * context.times * ORDERS_PER_SECOND;
  await seedQueue(sandbox.db, orders);
  const consoles: (StartedServer & { tokens: string[] })[] = [];
  try {
    for (const login of [rotating, issuer])
      consoles.push({ ...(await startConsole(login, sandbox)), tokens: await createTokens(sandbox, login) });
    return await rotateUnderLoad(context, sandbox, { rotating, issuer, consoles, orders });
  } finally {
    for (const one of consoles) await one.stop();
  }
}

function startConsole({ url, command }: Login, { volume }: Sandbox): Promise<StartedServer> {
  return startApi(url, volume, {
    DATABASE_PASSWORD_COMMAND: command,
    DATABASE_PASSWORD_FILE: '',
    DIRECT_DATABASE_URL: '',
    PGPASSWORD: '',
  });
}

function createTokens({ db }: Sandbox, { user }: Login): Promise<string[]> {
  const admin = { email: 'chaos', role: 'admin' } as const;
  const create = (_: unknown, n: number) =>
    createApiToken(db, admin, { name: `${user.replaceAll('_', '-')}-${n}`, role: 'reviewer', days: 1 });
  return Promise.all(Array.from({ length: CLIENTS }, create));
}

type Parts = {
  rotating: Rotating;
  issuer: Issuer;
  consoles: (StartedServer & { tokens: string[] })[];
  orders: number;
};

async function rotateUnderLoad(
  { seconds = SECONDS, times, signal, say }: ExperimentContext,
  sandbox: Sandbox,
  { rotating, issuer, consoles, orders }: Parts,
): Promise<Outcome> {
  let next = 0;
  const nextOrder = () => (next < orders ? `order-${String(++next).padStart(8, '0')}` : undefined);
  const started = performance.now();
  const load = startLoad(consoles, nextOrder);
  let connections = 0;
  let isOver = false;
  const reconnecting = (async () => {
    while (!isOver) {
      await wait(RECONNECT_MS);
      connections += await load.pause(() => endConnections(sandbox, [rotating.user, issuer.user]));
    }
  })();
  let rotations = 0;
  try {
    while (rotations < times && !signal.aborted) {
      await wait(seconds * 1000, undefined, { signal }).catch(() => undefined);
      await rotating.rotate(rotations);
      rotations += 1;
      say(`${rotations} rotations, ${load.requests} requests, ${load.failures.length} failed`);
    }
    await wait(2 * RECONNECT_MS);
  } finally {
    isOver = true;
    await reconnecting;
    load.end();
    await load.done;
  }
  const secondsLeft = Math.round(issuer.secondsLeft * 10) / 10;
  const { requests, decisions, failures, slowestMs } = load;
  const figures = {
    minutes: Math.round((performance.now() - started) / 6_000) / 10,
    rotations,
    connections,
    requests,
    decisions,
    failed: failures.length,
    slowestMs,
    tokens: issuer.issued,
    ...(Number.isFinite(secondsLeft) && { secondsLeft }),
  };
  return {
    figures,
    problems: [...failures, ...checkTokens(issuer), ...(await checkDecisions(sandbox, decisions))],
  };
}

/** In a long run a second token is needed, and each must be replaced before its end. */
function checkTokens({ issued, secondsLeft }: Issuer): string[] {
  if (issued < 2) return [`only ${issued} tokens were asked for`];
  return secondsLeft > 0 ? [] : [`a token was replaced ${-secondsLeft} seconds after its end`];
}

const countDecisions = statement({
  returns: { n: integer },
  sql: () => sql`select count(*)::integer as n from refunds.refund_decisions`,
});

async function checkDecisions({ db }: Sandbox, acknowledged: number): Promise<string[]> {
  const [row] = await countDecisions(db.pool, {});
  const stored = row?.n;
  return stored === acknowledged
    ? []
    : [`${acknowledged} decisions were acknowledged, but ${stored} are stored`];
}

const endSessions = statement({
  params: { users: textArray },
  returns: { pid: integer },
  sql: ({ users }) => sql`
    -- Materialized, because the condition on the user must come before the end of a session.
    with session as materialized (select pid from pg_stat_activity where usename = any (${users}))
    select pid from session where pg_terminate_backend(pid, 5000)`,
});

/** Ends the connections of the consoles, which are idle, and gives them time to notice. @returns how many. */
async function endConnections({ db }: Sandbox, users: string[]): Promise<number> {
  const ended = await endSessions(db.pool, { users });
  await wait(150);
  return ended.length;
}
