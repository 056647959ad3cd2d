import type { AgentCase } from './agent-case.ts';
import { type AgentPorts, Conversation } from './conversation.ts';
import { parseAnswer } from './parse-answer.ts';
import { promptVersion } from './prompt.ts';
import { type CallResult, callModel } from './server/call-model.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ChatReply } from './server/chat-reply.ts';
import type { AgentFault, AgentVerdict } from './verdict.ts';

/** Three lookups one by one, an answer, and one correction leave a turn to spare. */
const MAX_TURNS = 6;
const MAX_CORRECTIONS = 1;

/** Failures of single orders, once the server has shown that it works; all others are the server's own. */
const orderFailures: ReadonlySet<string> = new Set<ChatFailureCode>([
  'rejected',
  'too_large',
  'not_a_completion',
]);

/** Identifies where an answer comes from: model, prompt, policy and run. An interrupted conversation resumes only under the same one. */
function scorerId(model: string, { evidence, rerun }: AgentCase): string {
  return [model, promptVersion, evidence.policy_version, rerun].join('|');
}

/**
 * Asks a model about an order until it answers, fails for good, or its server fails. Turns that the journal has from
 * before a crash are not paid for again. Throws only where the database does.
 */
export async function askAgent(
  ports: AgentPorts,
  agentCase: AgentCase,
  signal: AbortSignal,
): Promise<AgentVerdict> {
  const { orderId } = agentCase;
  const scorer = scorerId(ports.server.model, agentCase);
  const replies = await ports.journal.listReplies(orderId, scorer);
  const conversation = new Conversation(ports, agentCase);
  let corrections = 0;
  for (let turn = 1; turn <= MAX_TURNS; turn += 1) {
    const kept = replies.get(turn);
    const result = kept
      ? fromJournal(kept)
      : await callModel(
          ports,
          { orderId, scorer, turn },
          (abilities) => conversation.write(abilities),
          signal,
        );
    conversation.countRequests(result.requests);
    if (!result.ok) return conclude(ports, conversation, result);
    const kind = await conversation.receive(result.reply);
    if (kind === 'tool_calls') continue;
    if (kind !== 'answer') return conversation.fail(kind, faultMessages[kind]);
    const { text } = conversation;
    const parsed = parseAnswer(text, agentCase);
    if (parsed.ok) return { outcome: 'answered', answer: parsed.answer, text, call: conversation.record() };
    if (corrections >= MAX_CORRECTIONS) return conversation.fail(parsed.fault, parsed.message);
    corrections += 1;
    conversation.correct(parsed.message);
  }
  return conversation.fail('too_many_turns', faultMessages.too_many_turns);
}

function fromJournal(reply: ChatReply): CallResult {
  return { requests: 0, ok: true, reply };
}

function conclude(
  { abilities }: AgentPorts,
  conversation: Conversation,
  { code, message, retryAt }: Extract<CallResult, { ok: false }>,
): AgentVerdict {
  if (code !== 'breaker_open' && orderFailures.has(code) && abilities.isProven)
    return conversation.fail(code, message);
  return { outcome: 'unavailable', code, message, retryAt, call: conversation.record() };
}

const faultMessages = {
  refused: 'the model refused to answer',
  cut_short: "the model's answer was cut short",
  empty: 'the model answered nothing',
  too_many_turns: 'the model kept calling tools without answering',
} as const satisfies Partial<Record<AgentFault, string>>;
