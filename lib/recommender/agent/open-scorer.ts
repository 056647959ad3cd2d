import type { Database } from '#db/client.ts';
import { type Clock, sleep } from '#lib/clock.ts';
import type { ModelEndpoint } from '#lib/env.ts';
import type { Source } from '#lib/random.ts';
import type { Scorer, ScorerAnswer } from '../scorer.ts';
import { AbilityLadder } from './abilities.ts';
import { type AgentCase, toAgentCase } from './agent-case.ts';
import type { AgentEffort, AgentVerdict } from './agent-verdict.ts';
import { askAgent } from './ask-agent.ts';
import { Breaker } from './breaker.ts';
import { type CallJournal, keepJournal } from './call-journal.ts';
import { openChatServer } from './chat-server.ts';
import type { AgentPorts } from './conversation.ts';
import { settleVerdict } from './settle-verdict.ts';

export type OpenScorerOptions = {
  clock: Clock;
  /** Spreads the waits of several workers. */
  random: Source;
  /** Where requests and replies are written down; the database's own journal where none is given. */
  journal?: CallJournal;
};

/** Shorter than the stream's lease on an order: what takes longer is given up and asked again. */
const LONGEST_CONVERSATION_MS = 8 * 60_000;
/** Where the server names no time. */
const RETRY_MS = 30_000;

/** The agent of an endpoint as a scorer. Open it once per process: it learns what its server can, and when it is down. */
export function openScorer(db: Database, endpoint: ModelEndpoint, options: OpenScorerOptions): Scorer {
  const ports = openPorts(db, endpoint, options);
  return {
    concurrency: endpoint.concurrency,
    pausedUntil: () => ports.breaker.pausedUntil(),
    score: (asked, signal) => scoreByAgent(ports, toAgentCase(asked), signal),
  };
}

/** What conversations with an endpoint go through; nothing is sent yet. */
export function openPorts(
  db: Database,
  endpoint: ModelEndpoint,
  { clock, random, journal = keepJournal(db, clock) }: OpenScorerOptions,
): AgentPorts {
  const server = openChatServer({ ...endpoint, clock });
  const breaker = new Breaker({ clock, random });
  return { db, server, abilities: new AbilityLadder(), breaker, journal, clock, random, sleep };
}

/** Asks about one order and says it as the stream stores it. Throws only where the database does. */
export async function scoreByAgent(
  ports: AgentPorts,
  about: AgentCase,
  signal: AbortSignal,
): Promise<ScorerAnswer> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_CONVERSATION_MS)]);
  return toScorerAnswer(about, await askAgent(ports, about, deadline), ports.clock.now());
}

function toScorerAnswer(about: AgentCase, verdict: AgentVerdict, now: Date): ScorerAnswer {
  if (verdict.outcome === 'unavailable') {
    const soonest = verdict.code === 'stopped' ? now.getTime() : now.getTime() + RETRY_MS;
    return { outcome: 'unavailable', code: verdict.code, retryAt: verdict.retryAt ?? new Date(soonest) };
  }
  const { refund, reason, agentResponse, agent } = settleVerdict(about, verdict);
  const common = { ...recordOf(verdict.effort), reason, agentResponse, evidence: { agent } };
  if (refund) return { outcome: 'answered', ...refund, ...common };
  return { outcome: 'failed', code: agent.code ?? 'unknown', ...common };
}

function recordOf({ model, promptVersion, promptTokens, completionTokens, latencyMs, trace }: AgentEffort) {
  const counted = promptTokens !== null || completionTokens !== null;
  const tokens = counted ? (promptTokens ?? 0) + (completionTokens ?? 0) : null;
  return { model, promptVersion, tokens, latencyMs, trace };
}
