import { Agent, request } from 'node:http';

export type LoadRequest = { path: string; method?: string; headers?: Record<string, string>; body?: string };
/** `times` are the milliseconds of each request. */
export type LoadResult = { seconds: number; times: number[] };
/** Clients that keep their connections open. */
export type ClientPool = { agent: Agent; url: string };

export function openClients(url: string, clients: number): ClientPool {
  return { url, agent: new Agent({ keepAlive: true, maxSockets: clients }) };
}

/**
 * Every client sends the requests that `next` gives, one after another, for some seconds.
 * @throws Error with the first response that is not a success.
 */
export async function sendLoad(
  clients: ClientPool,
  next: () => LoadRequest,
  seconds: number,
): Promise<LoadResult> {
  const times: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  const client = async () => {
    while (performance.now() < end) {
      const before = performance.now();
      await sendRequest(clients, next());
      times.push(performance.now() - before);
    }
  };
  await Promise.all(Array.from({ length: clients.agent.maxSockets }, client));
  return { seconds: (performance.now() - started) / 1000, times };
}

/** Sends one request. @returns the body of the response. @throws Error if it is not a success. */
export function sendRequest(
  { agent, url }: ClientPool,
  { path, method = 'GET', headers, body }: LoadRequest,
): Promise<string> {
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

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}
