import { setTimeout as wait } from 'node:timers/promises';
import { messageOf } from '#lib/errors.ts';
import { openClients, sendRequest } from '../../bench/console/http-load.ts';

/** What the clients of all consoles share. */
export type Load = {
  requests: number;
  decisions: number;
  failures: string[];
  slowestMs: number;
  /** Ends the load once the current requests are answered. */
  end(): void;
  /** Waits until no request is under way, runs `work`, and goes on. */
  pause<Result>(work: () => Promise<Result>): Promise<Result>;
};

type Gate = { open: Promise<void>; underWay: number; isOver: boolean };
type Console = { url: string; tokens: string[] };

const READS = [
  '/api/recommendations?limit=20&include_zero=true',
  '/api/summary',
  '/api/recommendations?limit=1',
];
/** A client decides at most five times a second; the API allows ten. */
const PAUSE_MS = 200;

/** Clients read and decide, one order after another, on several consoles; one client for each token. */
export function startLoad(
  consoles: Console[],
  nextOrder: () => string | undefined,
): Load & { done: Promise<unknown> } {
  const gate: Gate = { open: Promise.resolve(), underWay: 0, isOver: false };
  const load: Load = {
    requests: 0,
    decisions: 0,
    failures: [],
    slowestMs: 0,
    end: () => {
      gate.isOver = true;
    },
    pause: async (work) => {
      const opened = Promise.withResolvers<void>();
      gate.open = opened.promise;
      while (gate.underWay > 0) await wait(5);
      return work().finally(opened.resolve);
    },
  };
  const clients = consoles.flatMap(({ url, tokens }) =>
    tokens.map((token) => runClient({ url, token }, gate, load, nextOrder)),
  );
  return Object.assign(load, { done: Promise.all(clients) });
}

async function runClient(
  { url, token }: { url: string; token: string },
  gate: Gate,
  load: Load,
  nextOrder: () => string | undefined,
): Promise<void> {
  const pool = openClients(url, 1);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const send = async (path: string, more: { method?: string; body?: string; key?: string } = {}) => {
    await gate.open;
    gate.underWay += 1;
    const started = performance.now();
    const { key, ...rest } = more;
    const request = { path, headers: { ...headers, ...(key && { 'idempotency-key': key }) }, ...rest };
    const isAnswered = await sendRequest(pool, request).then(
      () => true,
      (error: unknown) => void load.failures.push(messageOf(error)),
    );
    gate.underWay -= 1;
    load.requests += 1;
    load.slowestMs = Math.max(load.slowestMs, Math.round(performance.now() - started));
    return isAnswered;
  };
  while (!gate.isOver) {
    for (const path of READS) await send(path);
    const order = nextOrder();
    const body = { order_id: order, refund_class: 'none', amount_usd: 0, reason: 'It was on time' };
    if (
      order &&
      (await send('/api/refunds', { method: 'POST', key: `chaos-${order}`, body: JSON.stringify(body) }))
    )
      load.decisions += 1;
    await wait(PAUSE_MS);
  }
  pool.agent.destroy();
}
