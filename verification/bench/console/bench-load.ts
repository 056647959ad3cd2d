import type { Figure } from '../figure.ts';
import { openRange, quantile, shoot } from './hammer.ts';
import type { Stage } from './stage.ts';

const RATE = 150;
/** What is promised for the 99th percentile. */
const PROMISED_MS = 400;
const CONNECTIONS = 64;
/** Of ten requests seven look at the queue, two at an order, one decides. */
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
 * Sends a fixed number of requests a second, each at its time whatever became of those before, and measures from
 * that time on, so that a server that falls behind cannot hide it.
 */
export async function benchLoad(stage: Stage, seconds: number): Promise<Figure[]> {
  const range = openRange(stage.servers.own.url, CONNECTIONS);
  const times: number[] = [];
  const failures: string[] = [];
  const started = performance.now();
  const send = async (n: number) => {
    const due = started + (n * 1000) / RATE;
    await new Promise((resolve) => setTimeout(resolve, Math.max(due - performance.now(), 0)));
    await shoot(range, shotOf(stage, n)).catch((error: Error) => failures.push(error.message));
    times.push(performance.now() - due);
  };
  await Promise.all(Array.from({ length: RATE * seconds }, (_, n) => send(n)));
  range.agent.destroy();
  if (failures[0] !== undefined) process.stderr.write(`the first failure under load: ${failures[0]}\n`);
  const taken = (performance.now() - started) / 1000;
  const what = `console, ${RATE} requests a second, 70/20/10, ${stage.size} rows`;
  const p99 = quantile(times, 0.99) / 1000;
  return [
    {
      what: `${what}, 99th percentile`,
      count: 1,
      unit: 'answer',
      seconds: p99,
      baseline: `the ${PROMISED_MS} ms that are promised`,
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

function shotOf({ questions, credentials }: Stage, n: number) {
  const what = MIX[n % MIX.length];
  const question = questions.find((each) => each.what === what);
  if (!question) throw new Error(`there is no question ${what}`);
  const shot = question.ask('load', Math.floor(n / MIX.length));
  return { ...shot, headers: { ...shot.headers, ...credentials[n % credentials.length] } };
}
