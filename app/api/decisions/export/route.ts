import { ReadableStream } from 'node:stream/web';
import { appendAudit, guardedRoute, readQuery } from '#lib/auth/index.ts';
import { exportQuerySchema } from '#lib/contract/decision.ts';
import { exportDecisions } from '#lib/refunds/index.ts';

/** The history as CSV, streamed; that somebody took it out is in the audit before the first row leaves. */
export const GET = guardedRoute('reviewer', async ({ db, person, requestId }, { request }) => {
  const filter = readQuery(request, exportQuerySchema);
  await appendAudit(db.pool, { actor: person.email, action: 'export', detail: { filter }, requestId });
  const body = ReadableStream.from(encode(exportDecisions(db, filter))) as globalThis.ReadableStream;
  return new Response(body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="decisions.csv"',
    },
  });
});

async function* encode(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  for await (const text of texts) yield encoder.encode(text);
}
