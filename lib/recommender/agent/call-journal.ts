import type { Database } from '#db/client.ts';
import type { Clock } from '#lib/clock.ts';
import type { ChatReply } from './chat-reply.ts';
import type { ChatOutcome } from './chat-server.ts';

/** A request of a conversation: the `turn`-th of this scorer about this order, whichever attempt. */
export type CallKey = { orderId: string; scorer: string; turn: number };

/**
 * Every request to a model is written down before it goes, and its outcome as soon as it is there. After a crash the
 * conversation goes on behind the last reply: only the request that was under way is paid for twice.
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

/** For trials that nothing is to remain of: each request is a new one. */
export const noJournal: CallJournal = {
  listReplies: async () => new Map(),
  begin: async () => '',
  end: async () => undefined,
};

type Row = { turn: number; reply: ChatReply };

async function listReplies(db: Database, orderId: string, scorer: string): Promise<Map<number, ChatReply>> {
  const { rows } = await db.pool.query<Row>(
    `
    -- one row per turn that has a reply
    select distinct on (turn) turn, reply
    from recommender.model_requests
    where order_id = $1 and scorer = $2 and reply is not null
    order by turn, id`,
    [orderId, scorer],
  );
  return new Map(rows.map(({ turn, reply }) => [turn, reply]));
}

async function begin(db: Database, call: CallKey, model: string, at: Date): Promise<string> {
  const { rows } = await db.pool.query<{ id: string }>(
    `
    insert into recommender.model_requests (order_id, scorer, turn, model, started_at)
    values ($1, $2, $3, $4, $5)
    returning id`,
    [call.orderId, call.scorer, call.turn, model, at],
  );
  const [row] = rows;
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

/** JSON that jsonb accepts: it knows neither NUL nor half a surrogate pair. */
function toJson(reply: ChatReply): string {
  return JSON.stringify(reply, (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replaceAll('\u0000', '\ufffd') : value,
  );
}
