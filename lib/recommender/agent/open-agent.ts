import type { Database } from '#db/client.ts';
import { type Clock, sleep } from '#lib/clock.ts';
import type { ModelEndpoint } from '#lib/env.ts';
import type { Source } from '#lib/random.ts';
import { AbilityLadder } from './abilities.ts';
import type { AgentCase } from './agent-case.ts';
import type { AgentVerdict } from './agent-verdict.ts';
import { askAgent } from './ask-agent.ts';
import { Breaker } from './breaker.ts';
import { type CallJournal, keepJournal } from './call-journal.ts';
import { openChatServer } from './chat-server.ts';

/** A model that can be asked about orders, several at once. Open it once per process: it learns what its server can. */
export type Agent = {
  model: string;
  ask(about: AgentCase, signal: AbortSignal): Promise<AgentVerdict>;
  /** When the server stopped answering, or undefined while it answers. */
  failingSince(): Date | undefined;
};

export type OpenAgentOptions = {
  clock: Clock;
  random: Source;
  /** Where requests and replies are written down; the database's own journal where none is given. */
  journal?: CallJournal;
};

/** Opens the agent of an endpoint; nothing is sent before it is asked. */
export function openAgent(
  db: Database,
  endpoint: ModelEndpoint,
  { clock, random, journal = keepJournal(db, clock) }: OpenAgentOptions,
): Agent {
  const breaker = new Breaker({ clock, random });
  const server = openChatServer({ ...endpoint, clock });
  const ports = { db, server, abilities: new AbilityLadder(), breaker, journal, clock, random, sleep };
  return {
    model: endpoint.model,
    ask: (about, signal) => askAgent(ports, about, signal),
    failingSince: () => breaker.failingSince,
  };
}
