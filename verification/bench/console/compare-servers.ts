import { isDeepStrictEqual } from 'node:util';
import { type LoadRequest, openClients, quantile, sendLoad, sendRequest } from './http-load.ts';
import type { RequestKind, ServerName } from './requests.ts';
import type { Testbed } from './testbed.ts';

/** The requests that a server answered, the seconds for them, and the processor time if it is known. */
export type Tally = { count: number; seconds: number; cpu: number };
/** `aloneMs` is the median time of one response of the console to a single client. */
export type Comparison = { testbed: Testbed; console: Tally; baseline: Tally; aloneMs: number };

const CLIENTS = 8;
const ROUNDS = 4;
/** Before the first round code is compiled and statements are planned; before the next ones caches are filled again. */
const WARM_UP_SECONDS = { first: 1.5, next: 0.2 };

/**
 * Measures one kind of request on both servers of each testbed in turns, so that other work on the machine affects all
 * of them alike; then on the console with a single client.
 * @throws Error if the two servers do not give the same response.
 */
export async function compareServers(
  testbeds: Testbed[],
  which: number,
  seconds: number,
): Promise<Comparison[]> {
  const runs = testbeds.map((testbed) => openRun(testbed, testbed.requests[which] as RequestKind));
  for (const run of runs) await run.assertSameResponse();
  for (const [run, server] of turns(runs, 0)) await run.warmUp(server);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  for (const [run, server] of rounds.flatMap((round) => turns(runs, round)))
    await run.measure(server, seconds / ROUNDS);
  const aloneTimes: number[][] = runs.map(() => []);
  for (const [n, run] of rounds.flatMap(() => [...runs.entries()]))
    aloneTimes[n]?.push(...(await run.measureAlone(seconds / 8)));
  for (const run of runs) run.close();
  return runs.map(({ testbed, tallies }, n) => ({
    testbed,
    ...tallies,
    aloneMs: quantile(aloneTimes[n] ?? [], 0.5),
  }));
}

/** Each server comes first in every other round. */
function turns<Run>(runs: Run[], round: number): [Run, ServerName][] {
  const servers: ServerName[] = round % 2 === 0 ? ['baseline', 'console'] : ['console', 'baseline'];
  return runs.flatMap((run) => servers.map((server): [Run, ServerName] => [run, server]));
}

function openRun(testbed: Testbed, kind: RequestKind) {
  const { servers, credentials } = testbed;
  const clients = {
    console: openClients(servers.console.url, CLIENTS),
    baseline: openClients(servers.baseline.url, CLIENTS),
  };
  const singleClient = openClients(servers.console.url, 1);
  const sent = { console: 0, baseline: 0 };
  const tallies = {
    console: { count: 0, seconds: 0, cpu: 0 },
    baseline: { count: 0, seconds: 0, cpu: 0 },
  };
  const next = (server: ServerName) => (): LoadRequest => {
    const n = sent[server]++;
    const request = kind.make(server, n);
    return { ...request, headers: { ...request.headers, ...credentials[n % credentials.length] } };
  };
  return {
    testbed,
    tallies,
    assertSameResponse: async () => {
      const console = await sendRequest(clients.console, next('console')());
      const baseline = await sendRequest(clients.baseline, next('baseline')());
      if (!isDeepStrictEqual(comparable(console), comparable(baseline)))
        throw new Error(
          `${kind.what}: the two servers differ:\n${console.slice(0, 1500)}\n${baseline.slice(0, 1500)}`,
        );
    },
    warmUp: (server: ServerName) => sendLoad(clients[server], next(server), WARM_UP_SECONDS.first),
    measure: async (server: ServerName, seconds: number) => {
      await sendLoad(clients[server], next(server), WARM_UP_SECONDS.next);
      const before = await servers[server].cpuSeconds();
      const result = await sendLoad(clients[server], next(server), seconds);
      const after = await servers[server].cpuSeconds();
      tallies[server].count += result.times.length;
      tallies[server].seconds += result.seconds;
      tallies[server].cpu += (after ?? Number.NaN) - (before ?? Number.NaN);
    },
    measureAlone: async (seconds: number) => (await sendLoad(singleClient, next('console'), seconds)).times,
    close: () => {
      for (const { agent } of [clients.console, clients.baseline, singleClient]) agent.destroy();
    },
  };
}

/** The two servers decide different orders, at different times and as different people. */
function comparable(text: string): unknown {
  const response = JSON.parse(text) as Record<string, unknown>;
  if (!('decided_ts' in response)) return response;
  return { ...response, id: 0, order_id: '', decided_ts: '', decided_by: '' };
}
