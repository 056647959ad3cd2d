import type { AgentCase } from './agent-case.ts';
import type { AgentFault, AgentVerdict } from './agent-verdict.ts';
import { callModel } from './call-model.ts';
import type { ChatFailureCode } from './chat-failure.ts';
import type { ChatReply } from './chat-reply.ts';
import { type AgentPorts, Conversation } from './conversation.ts';
import { parseAnswer } from './parse-answer.ts';
import { promptVersion } from './prompt.ts';

/** Three lookups one by one, an answer, and one correction leave a turn to spare. */
const MOST_TURNS = 6;
const MOST_CORRECTIONS = 1;

/** Failures of single orders, once the server has shown that it works; all others are the server's own. */
const endings: ReadonlySet<string> = new Set<ChatFailureCode>(['rejected', 'too_large', 'not_a_completion']);

/** Names what an answer comes from: model, words, policy and run. Conversations of the same scorer go on where they ended. */
function scorerOf(model: string, { evidence, rerun }: AgentCase): string {
  return [model, promptVersion, evidence.policy_version, rerun].join('|');
}

/**
 * Asks a model about an order until it answers, fails for good, or its server does not do its part. Turns that a
 * crash left in the journal are not paid for again. Throws only where the database does.
 */
export async function askAgent(
  ports: AgentPorts,
  about: AgentCase,
  signal: AbortSignal,
): Promise<AgentVerdict> {
  const scorer = scorerOf(ports.server.model, about);
  const replies = await ports.journal.listReplies(about.orderId, scorer);
  const talk = new Conversation(ports, about);
  let corrections = 0;
  for (let turn = 1; turn <= MOST_TURNS; turn += 1) {
    const result = await nextReply(
      ports,
      talk,
      { orderId: about.orderId, scorer, turn },
      replies.get(turn),
      signal,
    );
    if (!result.ok) return conclude(ports, talk, result);
    const ended = await talk.hear(result.reply);
    if (ended === 'goes_on') continue;
    if (ended !== 'spoke') return talk.fail(ended, faultMessages[ended]);
    const parsed = parseAnswer(talk.text, about);
    if (parsed.ok)
      return { outcome: 'answered', answer: parsed.answer, text: talk.text, effort: talk.effort() };
    if (corrections >= MOST_CORRECTIONS) return talk.fail(parsed.fault, parsed.message);
    corrections += 1;
    talk.correct(parsed.message);
  }
  return talk.fail('too_many_turns', faultMessages.too_many_turns);
}

type Reply = Awaited<ReturnType<typeof callModel>>;

function nextReply(
  ports: AgentPorts,
  talk: Conversation,
  key: { orderId: string; scorer: string; turn: number },
  kept: ChatReply | undefined,
  signal: AbortSignal,
): Promise<Reply> {
  if (kept) return Promise.resolve({ requests: 0, ok: true, reply: kept });
  return talk.counting(callModel(ports, key, (abilities) => talk.write(abilities), signal));
}

function conclude(
  { abilities }: AgentPorts,
  talk: Conversation,
  { code, message, retryAt }: Extract<Reply, { ok: false }>,
): AgentVerdict {
  if (code !== 'breaker_open' && endings.has(code) && abilities.isProven) return talk.fail(code, message);
  return { outcome: 'unavailable', code, message, retryAt, effort: talk.effort() };
}

const faultMessages = {
  refused: 'the model refused to answer',
  cut_short: "the model's answer was cut short",
  empty: 'the model answered nothing',
  too_many_turns: 'the model went on looking things up without answering',
} as const satisfies Partial<Record<AgentFault, string>>;
