import { createServer, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { loadEnv } from '#lib/env.ts';
import { decide, listEvents, listQueue, summarize } from './baseline-answers.ts';

/**
 * The minimum that gives the same responses: node:http, pg and one prepared statement for each kind of request. There
 * is no sign-in, no validation, no rate limit and no check before a write. It does not use the project's own code for
 * statements, which is part of what is measured.
 */
const pool = new pg.Pool({
  connectionString: loadEnv().DATABASE_URL,
  application_name: 'bench baseline',
  max: 10,
  options: '-c timezone=UTC',
});

async function answer(incoming: IncomingMessage): Promise<unknown> {
  if (incoming.method === 'POST') {
    const key = incoming.headers['idempotency-key'];
    return decide(pool, JSON.parse(await text(incoming)), String(key));
  }
  const { pathname, searchParams } = new URL(incoming.url ?? '', 'http://baseline.invalid');
  if (pathname === '/api/summary') return summarize(pool);
  if (pathname === '/api/recommendations') return listQueue(pool, searchParams);
  return listEvents(pool, pathname.split('/')[3] ?? '');
}

const server = createServer((incoming, response) => {
  answer(incoming).then(
    (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    (error: Error) => response.writeHead(500).end(error.message),
  );
});
server.listen(0, '127.0.0.1', () => process.send?.({ ready: server.address() }));
process.on('disconnect', () => process.exit());
