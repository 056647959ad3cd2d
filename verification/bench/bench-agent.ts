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
import { type Figure, timed } from './figure.ts';

const ORDERS = 400;
/** How long the scripted model takes for each request. */
const LATENCY_MS = 20;

/** Scores orders by an agent with a scripted model server; the baseline sends the same requests and does nothing else. */
export async function benchAgent(
  db: Database,
  { AGENT_CONCURRENCY: concurrency = 4 }: Env,
  signal: AbortSignal,
): Promise<Figure> {
  const server = await startScriptedServer(async (exchange) => {
    await sleep(LATENCY_MS);
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
      mode: 'facts' as const,
    };
    const scorer = openScorer(db, endpoint, { clock: systemClock, random: stream(1, 'bench') });
    const shared = { clock: systemClock, log: silentLog, signal, say: () => undefined };
    const budget = { scorer, callsPerHour: ORDERS, outageMs: 60_000, stopAfter: 5 };
    const { seconds, result } = await timed(() =>
      recommendOnce(db, { ...shared, ...budget, startProgress: () => silentProgress }),
    );
    return {
      what: `recommend by agent, ${concurrency} at once, ${LATENCY_MS} ms a request`,
      count: result.called,
      unit: 'orders',
      seconds,
      baseline: 'the same requests alone',
      ratio: seconds / (await resend(server, concurrency)),
    };
  } finally {
    await server.close();
  }
}

/** The seconds that the recorded requests of a server take with no other work between them. */
async function resend({ baseUrl, exchanges }: ScriptedServer, concurrency: number): Promise<number> {
  const bodies = exchanges.map(({ raw }) => raw);
  const headers = { 'content-type': 'application/json' };
  const work = async () => {
    for (let body = bodies.shift(); body !== undefined; body = bodies.shift())
      await (await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })).arrayBuffer();
  };
  const { seconds } = await timed(() => Promise.all(Array.from({ length: concurrency }, work)));
  return seconds;
}
