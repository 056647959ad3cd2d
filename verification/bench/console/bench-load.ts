import type { Figure } from '../figure.ts';
import { type LoadRequest, openClients, quantile, sendRequest } from './http-load.ts';
import type { Testbed } from './testbed.ts';

const REQUESTS_PER_SECOND = 150;
/** The promise for the 99th percentile. */
const PROMISED_MS = 400;
const CONNECTIONS = 64;
/** Of ten requests seven are for the queue, two for an order, and one is a decision. */
const MIX = [
  'summary',
  'first page',
  'a page in the middle',
  'a filtered page',
  'first page',
  'a filtered page',
  'summary',
  'timeline',
  'timeline',
  'decision',
];

/**
 * Sends a fixed number of requests a second, each at its time even if earlier ones have not returned, and measures
 * from that time, so that a server that falls behind cannot hide it.
 */
export async function benchLoad(testbed: Testbed, seconds: number): Promise<Figure[]> {
  const clients = openClients(testbed.servers.console.url, CONNECTIONS);
  const times: number[] = [];
  const failures: string[] = [];
  const started = performance.now();
  const send = async (n: number) => {
    const due = started + (n * 1000) / REQUESTS_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(due - performance.now(), 0)));
    await sendRequest(clients, makeRequest(testbed, n)).catch((error: Error) => failures.push(error.message));
    times.push(performance.now() - due);
  };
  await Promise.all(Array.from({ length: REQUESTS_PER_SECOND * seconds }, (_, n) => send(n)));
  clients.agent.destroy();
  if (failures[0] !== undefined) process.stderr.write(`the first failure under load: ${failures[0]}\n`);
  const taken = (performance.now() - started) / 1000;
  const what = `console, ${REQUESTS_PER_SECOND} requests a second, 70/20/10, ${testbed.size} rows`;
  const p99 = quantile(times, 0.99) / 1000;
  return [
    {
      what: `${what}, 99th percentile`,
      count: 1,
      unit: 'response',
      seconds: p99,
      baseline: `the promised ${PROMISED_MS} ms`,
      ratio: (p99 * 1000) / PROMISED_MS,
    },
    {
      what: `${what}, failures`,
      count: failures.length,
      unit: 'failures',
      seconds: taken,
      baseline: `${times.length} requests`,
      ratio: failures.length / times.length,
    },
  ];
}

function makeRequest({ requests, credentials }: Testbed, n: number): LoadRequest {
  const what = MIX[n % MIX.length];
  const kind = requests.find((each) => each.what === what);
  if (!kind) throw new Error(`there is no kind of request ${what}`);
  const request = kind.make('load', Math.floor(n / MIX.length));
  return { ...request, headers: { ...request.headers, ...credentials[n % credentials.length] } };
}
