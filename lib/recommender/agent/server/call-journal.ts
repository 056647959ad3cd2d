import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { bigint, integer, json, text, timestamp } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatOutcome } from './chat-server.ts';

/** A turn of a conversation of this scorer about this order; all attempts of the turn share the key. */
export type CallKey = { orderId: string; scorer: string; turn: number };

/**
 * Every request to a model is stored before it is sent, and its outcome as soon as it is known. After a crash the
 * conversation resumes after the last reply, so at most the request that was under way is paid for twice.
 */
export type CallJournal = {
  /** The replies that a conversation has so far, by turn. */
  listReplies(orderId: string, scorer: string): Promise<Map<number, ChatReply>>;
  /** @returns the id of the request, for `end`. */
  begin(call: CallKey, model: string): Promise<string>;
  end(id: string, outcome: ChatOutcome): Promise<void>;
};

/** The journal in `recommender.model_requests`. One process at a time may ask about an order. */
export function keepJournal(db: Database, clock: Clock): CallJournal {
  return {
    listReplies: (orderId, scorer) => listReplies(db, orderId, scorer),
    begin: (call, model) => begin(db, call, model, clock.now()),
    end: (id, outcome) => end(db, id, outcome, clock.now()),
  };
}

/** Stores nothing, for evaluations: each conversation begins at its first turn. */
export const noJournal: CallJournal = {
  listReplies: async () => new Map(),
  begin: async () => '',
  end: async () => undefined,
};

const findReplies = statement({
  params: { orderId: text, scorer: text },
  returns: { turn: integer, reply: json<ChatReply>() },
  sql: ({ orderId, scorer }) => sql`
    -- one row per turn that has a reply
    select distinct on (turn) turn, reply
    from recommender.model_requests
    where order_id = ${orderId} and scorer = ${scorer} and reply is not null
    order by turn, id`,
});

async function listReplies(db: Database, orderId: string, scorer: string): Promise<Map<number, ChatReply>> {
  const rows = await findReplies(db.pool, { orderId, scorer });
  return new Map(rows.map(({ turn, reply }) => [turn, reply]));
}

const insertRequest = statement({
  params: { orderId: text, scorer: text, turn: integer, model: text, startedAt: timestamp },
  returns: { id: bigint },
  sql: ({ orderId, scorer, turn, model, startedAt }) => sql`
    insert into recommender.model_requests (order_id, scorer, turn, model, started_at)
    values (${orderId}, ${scorer}, ${turn}, ${model}, ${startedAt})
    returning id`,
});

async function begin(db: Database, call: CallKey, model: string, startedAt: Date): Promise<string> {
  const [row] = await insertRequest(db.pool, { ...call, model, startedAt });
  if (!row) throw new Error('an insert returned no row');
  return row.id;
}

async function end(db: Database, id: string, outcome: ChatOutcome, at: Date): Promise<void> {
  const reply = outcome.ok ? outcome.reply : null;
  await db.pool.query(
    `
    update recommender.model_requests
    set ended_at = $2, outcome = $3, reply = $4, prompt_tokens = $5, completion_tokens = $6
    where id = $1`,
    [
      id,
      at,
      outcome.ok ? 'replied' : outcome.failure.code,
      reply && toJson(reply),
      reply?.promptTokens ?? null,
      reply?.completionTokens ?? null,
    ],
  );
}

/** JSON that jsonb accepts: it can hold neither NUL nor half a surrogate pair. */
function toJson(reply: ChatReply): string {
  return JSON.stringify(reply, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value,
  );
}
