import type { Database } from '#db/client.ts';
import { sleep, systemClock } from '#lib/clock.ts';
import type { Env } from '#lib/env.ts';
import { silentLog } from '#lib/log.ts';
import { silentProgress } from '#lib/progress.ts';
import { stream } from '#lib/random.ts';
import { honestModel } from '#lib/recommender/agent/scripted-models.testing.ts';
import { type ScriptedServer, startScriptedServer } from '#lib/recommender/agent/scripted-server.testing.ts';
import { generateDeliveries } from '#lib/recommender/deliveries.testing.ts';
import { openScorer, recommendOnce } from '#lib/recommender/index.ts';
import type { Figure } from './figure.ts';
import { timed } from './scratch.ts';

const ORDERS = 400;
/** What the server takes to think about each request. */
const THINKING_MS = 20;

/** Orders asked, settled and stored through a scripted server; the baseline sends it the same requests and nothing else. */
export async function benchAgent(
  db: Database,
  { AGENT_CONCURRENCY: concurrency }: Env,
  signal: AbortSignal,
): Promise<Figure> {
  const server = await startScriptedServer(async (exchange) => {
    await sleep(THINKING_MS);
    await honestModel(exchange);
  });
  try {
    await db.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
    await generateDeliveries(db, { count: ORDERS, days: 2, batches: 1 });
    const endpoint = {
      baseUrl: server.baseUrl,
      apiKey: undefined,
      model: 'scripted',
      timeoutMs: 30_000,
      concurrency,
    };
    const scorer = openScorer(db, endpoint, { clock: systemClock, random: stream(1, 'bench') });
    const shared = { clock: systemClock, log: silentLog, signal, say: () => undefined };
    const budget = { scorer, callsPerHour: ORDERS, outageMs: 60_000 };
    const { seconds, result } = await timed(() =>
      recommendOnce(db, { ...shared, ...budget, startProgress: () => silentProgress }),
    );
    return {
      what: `recommend, agent with tools, ${concurrency} at once, ${THINKING_MS} ms a request`,
      count: result.called,
      unit: 'orders',
      seconds,
      baseline: 'the same requests alone',
      ratio: seconds / (await sendAgain(server, concurrency)),
    };
  } finally {
    await server.close();
  }
}

/** Seconds that the requests of a server take when nothing else is done between them. */
async function sendAgain({ baseUrl, exchanges }: ScriptedServer, concurrency: number): Promise<number> {
  const bodies = exchanges.map(({ raw }) => raw);
  const headers = { 'content-type': 'application/json' };
  const work = async () => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift())
      await (await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })).arrayBuffer();
  };
  const { seconds } = await timed(() => Promise.all(Array.from({ length: concurrency }, work)));
  return seconds;
}
