import type { Database } from '#db/client.ts';
import { systemClock } from '#lib/clock.ts';
import type { AgentCase } from './agent-case.ts';
import type { AgentPorts } from './conversation.ts';
import type { AgentMode } from './prompt.ts';
import { AbilityStore, allAbilities } from './server/abilities.ts';
import { Breaker, type BreakerOptions } from './server/breaker.ts';
import { keepJournal } from './server/call-journal.ts';
import { openChatServer } from './server/chat-server.ts';

/** An order of $20.00 that took 39 minutes where P75 is 32.80 and P99 38.84 but for what `changes` says. */
export function lateCase(orderId: string, changes: Partial<AgentCase> = {}): AgentCase {
  return {
    orderId,
    location: 'sf',
    deliveredTs: '2026-11-20T12:00:00.000000Z',
    totalCents: 2000,
    evidence: {
      policy_version: 'v1',
      delivery_minutes: 39,
      order_total_usd: '20.00',
      location: 'sf',
      benchmark_source: 'trailing_day',
      window_from: '2026-11-19T12:00:00.000000Z',
      window_to: '2026-11-20T12:00:00.000000Z',
      sample_size: 120,
      p50_minutes: 27.1,
      p75_minutes: 32.8,
      p99_minutes: 38.84,
      refund_percent: 25,
      limits: [
        { above_minutes: 32.8, refund_percent: 15 },
        { above_minutes: 38.84, refund_percent: 25 },
      ],
    },
    policy: { refundClass: 'partial', refundCents: 500 },
    bounds: { minCents: 300, maxCents: 500 },
    rules: 'Above P75 15 %, above P99 25 %.',
    rerun: 0,
    note: null,
    ...changes,
  };
}

/** Ports to a scripted server with short waits; `proven` where it has replied before. */
export function testPorts(
  db: Database,
  baseUrl: string,
  options: { timeoutMs?: number; breaker?: Partial<BreakerOptions>; proven?: boolean; mode?: AgentMode } = {},
): AgentPorts {
  const { timeoutMs = 1_200, breaker = {}, proven = false, mode = 'facts' } = options;
  const clock = systemClock;
  const abilities = new AbilityStore();
  if (proven) void abilities.settle(allAbilities);
  return {
    db,
    mode,
    server: openChatServer({ baseUrl, apiKey: undefined, model: 'scripted', timeoutMs, clock }),
    abilities,
    breaker: new Breaker({ clock, random: () => 0.5, threshold: 1_000, ...breaker }),
    journal: keepJournal(db, clock),
    clock,
    random: () => 0.5,
    sleep: async () => undefined,
  };
}
