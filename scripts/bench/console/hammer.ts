import { Agent, request } from 'node:http';

export type Shot = { path: string; method?: string; headers?: Record<string, string>; body?: string };
export type Result = { count: number; seconds: number; p50Ms: number };

const CLIENTS = 8;
const WARM_UP = 100;

/**
 * Sends what `next` gives over eight kept connections for some seconds, after a warm-up.
 * @throws Error with the first answer that is no success.
 */
export async function hammer(url: string, next: () => Shot, seconds: number): Promise<Result> {
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  for (let n = 0; n < WARM_UP; n++) await shoot(agent, url, next());
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      await shoot(agent, url, next());
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
  const taken = (performance.now() - started) / 1000;
  times.sort((a, b) => a - b);
  return { count: times.length, seconds: taken, p50Ms: times[Math.floor(times.length / 2)] ?? 0 };
}

function shoot(agent: Agent, url: string, { path, method = 'GET', headers, body }: Shot): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { agent, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part.slice(0, 300);
      });
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode < 300) resolve();
        else reject(new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 300)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
