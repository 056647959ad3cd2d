import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createApiToken } from '#lib/auth/api-tokens.ts';
import { childEnvironment, type Env } from '#lib/env.ts';
import type { Log } from '#lib/log.ts';
import type { Figure } from '../figure.ts';
import { type Scratch, withScratch } from '../scratch.ts';
import { hammer, type Result, type Shot } from './hammer.ts';
import { seedEvents } from './seed-events.ts';
import { seedQueue } from './seed-queue.ts';

type Pair = { what: string; console: () => Shot; baseline: () => Shot };
type Options = { env: Env; log: Log; sizes: number[]; seconds: number };

/**
 * Measures the served build against the least that could answer the same, with each number of recommendations,
 * and how much longer an answer takes with the last than with the first.
 */
export async function benchConsole(
  { env, log, sizes, seconds }: Options,
  report: (figure: Figure) => void,
): Promise<void> {
  const first = new Map<string, Result>();
  for (const size of sizes)
    await withScratch(env, log, async (scratch) => {
      for (const { what, own, bare } of await measure(scratch, size, seconds)) {
        report(compare(`${what}, ${size} rows`, own, bare));
        const before = first.get(what);
        if (before) report(growth(what, before, own));
        else first.set(what, own);
      }
    });
}

type Measured = { what: string; own: Result; bare: Result };

async function measure({ db, url, directory }: Scratch, size: number, seconds: number): Promise<Measured[]> {
  await seedQueue(db, size);
  await seedEvents(db, size);
  await db.pool.query('vacuum analyze');
  const admin = { email: 'bench', role: 'admin' } as const;
  const token = await createApiToken(db, admin, { name: 'bench', role: 'reviewer', days: 1 });
  const environment = {
    DATABASE_URL: url,
    DATA_DIR: directory,
    NODE_ENV: 'production',
    LOG_LEVEL: 'error',
    PORT: '',
  };
  const console = await serve('../../console.ts', environment);
  const bare = await serve('baseline-server.ts', environment);
  try {
    const measured: Measured[] = [];
    for (const pair of pairs(token, size)) {
      const baseline = await hammer(bare.url, pair.baseline, seconds);
      measured.push({
        what: pair.what,
        bare: baseline,
        own: await hammer(console.url, pair.console, seconds),
      });
    }
    return measured;
  } finally {
    await Promise.all([console.stop(), bare.stop()]);
  }
}

function pairs(token: string, size: number): Pair[] {
  const headers = { authorization: `Bearer ${token}` };
  const middle = new Date(Date.parse('2026-01-01T00:00:00Z') + (size / 2) * 100_000).toISOString();
  const cursor = Buffer.from(JSON.stringify(['newest', middle, 'z'])).toString('base64url');
  const get = (what: string, path: string, bare: string): Pair => ({
    what: `console, ${what}`,
    console: () => ({ path, headers }),
    baseline: () => ({ path: bare }),
  });
  const newest = `order-${String(size).padStart(8, '0')}`;
  const all = '/api/recommendations?include_zero=true';
  return [
    get('summary', '/api/summary?include_zero=true', '/summary'),
    get('first page', all, '/list'),
    get('a page in the middle', `${all}&cursor=${cursor}`, `/deep/${middle}`),
    get('a filtered page', `${all}&status=pending&location=place-4&refund_class=partial`, '/filtered'),
    get('a filter without a row', `${all}&status=pending&location=place-1&refund_class=partial`, '/empty'),
    get('timeline', `/api/orders/${newest}/events?include_pings=true`, `/timeline/${newest}`),
    { what: 'console, decision', console: decide(headers, size, 0), baseline: decide({}, size, 1) },
  ];
}

/** Decides one order after another; the two servers take every other one. */
function decide(headers: Record<string, string>, size: number, offset: 0 | 1): () => Shot {
  let next = size - offset;
  return () => {
    const order_id = `order-${String(next).padStart(8, '0')}`;
    next -= 2;
    return {
      path: '/api/refunds',
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({ order_id, refund_class: 'none', amount_usd: 0, reason: 'bench' }),
    };
  };
}

async function serve(script: string, env: Record<string, string>) {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = fork(path, [], { env: childEnvironment(env), stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [message] = (await once(child, 'message')) as [{ ready: { port: number } }];
  const stop = async () => {
    child.kill();
    if (child.exitCode === null) await once(child, 'exit');
  };
  return { url: `http://127.0.0.1:${message.ready.port}`, stop };
}

function compare(what: string, own: Result, bare: Result): Figure {
  const ratio = bare.count / bare.seconds / (own.count / own.seconds);
  return {
    what,
    count: own.count,
    unit: 'requests',
    seconds: own.seconds,
    baseline: 'node:http and pg, one statement',
    ratio,
  };
}

function growth(what: string, before: Result, after: Result): Figure {
  const ratio = after.p50Ms / before.p50Ms;
  const baseline = 'the median with the fewest rows';
  return {
    what: `${what}, median with the most rows`,
    count: 1,
    unit: 'request',
    seconds: after.p50Ms / 1000,
    baseline,
    ratio,
  };
}
