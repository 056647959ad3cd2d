import { Agent, request } from 'node:http';

export type Shot = { path: string; method?: string; headers?: Record<string, string>; body?: string };
/** `times` are the milliseconds of each request. */
export type Volley = { seconds: number; times: number[] };
export type Range = { agent: Agent; url: string };

/** As many kept connections as there are clients. */
export function openRange(url: string, clients: number): Range {
  return { url, agent: new Agent({ keepAlive: true, maxSockets: clients }) };
}

/**
 * Sends what `next` gives, one request after the other on each connection, for some seconds.
 * @throws Error with the first answer that is no success.
 */
export async function hammer(range: Range, next: () => Shot, seconds: number): Promise<Volley> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      await shoot(range, next());
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: range.agent.maxSockets }, client));
  return { seconds: (performance.now() - started) / 1000, times };
}

/** Sends one request. @returns its answer. @throws Error where it is no success. */
export function shoot({ agent, url }: Range, shot: Shot): Promise<string> {
  const { path, method = 'GET', headers, body } = shot;
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}${path}`, { agent, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part)).on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        const text = Buffer.concat(parts).toString('utf8');
        if (statusCode < 300) resolve(text);
        else reject(new Error(`${method} ${path}: ${statusCode} ${text.slice(0, 300)}`));
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** The value that a share of the others (0 to 1) lies below. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}
