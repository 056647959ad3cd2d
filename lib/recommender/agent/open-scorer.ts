import type { Database } from '#db/client.ts';
import { type Clock, sleep } from '#lib/clock.ts';
import type { ModelEndpoint } from '#lib/env.ts';
import type { Source } from '#lib/random.ts';
import type { Scorer, ScorerAnswer } from '../scoring/scorer.ts';
import { type AgentCase, toAgentCase } from './agent-case.ts';
import { askAgent } from './ask-agent.ts';
import type { AgentPorts } from './conversation.ts';
import { AbilityStore } from './server/abilities.ts';
import { Breaker } from './server/breaker.ts';
import { keepJournal, noJournal } from './server/call-journal.ts';
import { openChatServer } from './server/chat-server.ts';
import { keepAbilities } from './server/keep-abilities.ts';
import { type AgentVerdict, finalizeAnswer, finalizeFailure } from './verdict.ts';

export type OpenScorerOptions = {
  clock: Clock;
  /** Spreads the waits of several workers. */
  random: Source;
  /** Whether requests and replies are stored, so that a conversation survives a crash. True by default. */
  keepsJournal?: boolean;
};

/** Shorter than the stream's lease on an order: a longer conversation is given up and asked again. */
const MAX_CONVERSATION_MS = 8 * 60_000;
/** Where the server names no time. */
const RETRY_MS = 30_000;

/** The agent of an endpoint as a scorer. Open it once per process: it learns what its server can do, and when it is down. */
export function openScorer(
  db: Database,
  endpoint: ModelEndpoint,
  { clock, random, keepsJournal = true }: OpenScorerOptions,
): Scorer {
  const breaker = new Breaker({ clock, random });
  const agent = { server: nameServer(endpoint.baseUrl), model: endpoint.model };
  const ports: AgentPorts = {
    db,
    mode: endpoint.mode,
    server: openChatServer({ ...endpoint, clock }),
    abilities: new AbilityStore(keepsJournal ? keepAbilities(db, agent, clock) : undefined),
    breaker,
    journal: keepsJournal ? keepJournal(db, clock) : noJournal,
    clock,
    random,
    sleep,
  };
  return {
    ...agent,
    concurrency: endpoint.concurrency,
    pausedUntil: () => breaker.pausedUntil(),
    score: (scoringCase, signal) => scoreByAgent(ports, toAgentCase(scoringCase), signal),
  };
}

/** The address of an endpoint without what may be secret in it. */
export function nameServer(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname.replace(/\/+$/, '')}`;
}

/** Asks about one order and returns the outcome as the stream stores it. Throws only where the database does. */
export async function scoreByAgent(
  ports: AgentPorts,
  agentCase: AgentCase,
  signal: AbortSignal,
): Promise<ScorerAnswer> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(MAX_CONVERSATION_MS)]);
  return toScorerAnswer(agentCase, await askAgent(ports, agentCase, deadline), ports.clock.now());
}

function toScorerAnswer(agentCase: AgentCase, verdict: AgentVerdict, now: Date): ScorerAnswer {
  const { requests: _, ...call } = verdict.call;
  switch (verdict.outcome) {
    case 'answered': {
      const { agent, ...answer } = finalizeAnswer(agentCase, verdict);
      return { outcome: 'answered', call, ...answer, evidence: { agent } };
    }
    case 'failed': {
      const { agent, ...failure } = finalizeFailure(agentCase, verdict);
      return { outcome: 'failed', call, ...failure, evidence: { agent } };
    }
    case 'unavailable': {
      const soonest = verdict.code === 'stopped' ? now.getTime() : now.getTime() + RETRY_MS;
      return {
        outcome: 'unavailable',
        call,
        code: verdict.code,
        retryAt: verdict.retryAt ?? new Date(soonest),
      };
    }
  }
}
