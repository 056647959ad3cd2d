import type { Actor } from '#lib/contract/person.ts';
import { integer, pick, type Source } from '#lib/random.ts';
import { LIMIT_CENTS } from './model.ts';
import type { Answer, Ask } from './operation.ts';

/** What the people of an order have heard of it so far, the newest last; they may well be behind. */
export type Heard = { decisions: { id: string; who: Actor }[]; requests: { id: string; who: Actor }[] };

export const reviewers = ['ana', 'ben', 'cyd'].map((name): Actor => person(name, 'reviewer'));
export const leads = ['lea', 'liz'].map((name): Actor => person(name, 'lead'));

function person(name: string, role: 'reviewer' | 'lead'): Actor {
  return { email: `${name}@chaos.example`, role };
}

/** What somebody tries next: mostly what makes sense after what was heard, often enough what does not. */
export function choose(random: Source, heard: Heard): Ask {
  const who = pick(random, [...reviewers, ...leads]);
  const lead = pick(random, leads);
  const decision = latest(random, heard.decisions);
  const request = latest(random, heard.requests);
  const dice = random();
  if (dice < 0.12) return { kind: 'read' };
  if (dice < 0.3 && decision) {
    const undoer = random() < 0.8 ? decision.who : who;
    return { kind: 'undo', who: undoer, target: decision.id };
  }
  if (dice < 0.42 && decision) return { kind: 'reverse', who: lead, target: decision.id };
  if (dice < 0.58 && request) return { kind: 'approve', who: lead, target: request.id };
  if (dice < 0.68 && request) return { kind: 'reject', who: lead, target: request.id };
  if (dice < 0.72 && request) return { kind: 'withdraw', who: request.who, target: request.id };
  const isLarge = random() < 0.4;
  const cents = isLarge ? integer(random, LIMIT_CENTS + 1, 2900) : integer(random, 100, LIMIT_CENTS);
  return { kind: 'decide', who: random() < 0.4 ? lead : who, cents };
}

/** The newest, or now and then one of before, as on a screen that was left open. */
function latest<Known>(random: Source, known: readonly Known[]): Known | undefined {
  return random() < 0.85 ? known.at(-1) : known[integer(random, 0, Math.max(0, known.length - 1))];
}

/** Takes in what an answer says about an order. */
export function hear(heard: Heard, ask: Ask, answer: Answer): void {
  if (!('who' in ask)) return;
  if (answer.kind === 'decided') heard.decisions.push({ id: answer.id, who: ask.who });
  if (answer.kind === 'requested') heard.requests.push({ id: answer.id, who: ask.who });
}
