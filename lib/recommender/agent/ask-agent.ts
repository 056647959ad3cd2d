import { createHash } from 'node:crypto';
import type { AgentCase } from './agent-case.ts';
import { type AgentPorts, Conversation } from './conversation.ts';
import { parseAnswer } from './parse-answer.ts';
import { promptVersionOf } from './prompt.ts';
import { type CallResult, callModel } from './server/call-model.ts';
import type { ChatFailureCode } from './server/chat-failure.ts';
import type { ChatReply } from './server/chat-reply.ts';
import type { AgentFault, AgentVerdict } from './verdict.ts';

/** Three turns of look-ups, an answer, and one correction leave a turn to spare. */
const MAX_TURNS = 6;
const MAX_CORRECTIONS = 1;

/** Failures of single orders, once the server has shown that it works; all others are the server's own. */
const orderFailures = ['rejected', 'too_large', 'not_a_completion'] as const satisfies ChatFailureCode[];
type OrderFailure = (typeof orderFailures)[number];

function isOrderFailure(code: string): code is OrderFailure {
  return orderFailures.includes(code as OrderFailure);
}

/**
 * Identifies what an answer is an answer to: model, prompt, policy, run, and the facts and the note in short. An interrupted
 * conversation resumes only under the same one.
 */
function scorerId({ server, mode }: AgentPorts, { evidence, rerun, note }: AgentCase): string {
  const facts = createHash('sha256')
    .update(JSON.stringify([evidence, note]))
    .digest('hex')
    .slice(0, 16);
  return [server.model, promptVersionOf(mode), evidence.policy_version, rerun, facts].join('|');
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
  await ports.abilities.load();
  const scorer = scorerId(ports, agentCase);
  const replies = await ports.journal.listReplies(orderId, scorer);
  const conversation = new Conversation(ports, agentCase);
  if (ports.mode === 'facts') {
    await conversation.lookUpFacts();
    if (!conversation.hasFacts()) return conversation.fail('no_facts', faultMessages.no_facts);
  }
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
    const step = await take(conversation, agentCase, result.reply);
    if (step === 'on_the_way') continue;
    if ('outcome' in step) return step;
    const { fault, message = faultMessages[fault] } = step;
    if (finalFaults.has(fault) || corrections >= MAX_CORRECTIONS) return conversation.fail(fault, message);
    corrections += 1;
    conversation.correct(message);
  }
  return conversation.fail('too_many_turns', faultMessages.too_many_turns);
}

type Problem = { fault: AgentFault; message?: string };

/** Takes a reply in: the verdict, what is wrong with the reply, or that the conversation goes on. */
async function take(
  conversation: Conversation,
  agentCase: AgentCase,
  reply: ChatReply,
): Promise<AgentVerdict | Problem | 'on_the_way'> {
  const kind = await conversation.receive(reply);
  if (kind === 'on_the_way') return kind;
  if (kind === 'early_answer') {
    const early = readAnswer(conversation, agentCase);
    return 'outcome' in early ? early : 'on_the_way';
  }
  if (kind !== 'answer' && kind !== 'cut_short') return { fault: kind };
  await conversation.lookUpFacts();
  const read = readAnswer(conversation, agentCase);
  if ('outcome' in read || kind === 'answer') return read;
  return (await conversation.allowMore()) ? 'on_the_way' : { fault: 'cut_short' };
}

/** Faults that a correction does not mend. */
const finalFaults: ReadonlySet<AgentFault> = new Set(['refused', 'cut_short', 'empty', 'no_facts']);

/** The verdict of a usable answer, or what is wrong with it. An answer that is based on no facts is not one. */
function readAnswer(conversation: Conversation, agentCase: AgentCase): AgentVerdict | Problem {
  if (!conversation.hasFacts()) return { fault: 'no_facts' };
  const { text } = conversation;
  const parsed = parseAnswer(text, agentCase);
  if (!parsed.ok) return parsed;
  return { outcome: 'answered', answer: parsed.answer, text, call: conversation.record() };
}

function fromJournal(reply: ChatReply): CallResult {
  return { requests: 0, ok: true, reply };
}

function conclude(
  { abilities }: AgentPorts,
  conversation: Conversation,
  { code, message, retryAt }: Extract<CallResult, { ok: false }>,
): AgentVerdict {
  if (isOrderFailure(code) && abilities.isProven) return conversation.fail(code, message);
  return { outcome: 'unavailable', code, message, retryAt, call: conversation.record() };
}

const faultMessages: Record<AgentFault, string> = {
  refused: 'the model refused to answer',
  cut_short: "the model's answer was cut short",
  empty: 'the model answered nothing',
  too_many_turns: 'the model kept calling tools without answering',
  no_facts: 'the facts of the order are not known',
  not_json: 'the answer is not JSON',
  ambiguous: 'the answer can be read in several ways',
  wrong_schema: 'the answer has another form than requested',
  wrong_order: 'the answer is about another order',
  incoherent: 'the answer contradicts itself',
  unfounded: 'the facts deny a ground of the answer',
};
