import { isDeepStrictEqual } from 'node:util';
import { hammer, openRange, quantile, type Shot, shoot } from './hammer.ts';
import type { Question, Side } from './questions.ts';
import type { Stage } from './stage.ts';

/** What a side did: requests and seconds, and the processor time of that, where it is known. */
export type Tally = { count: number; seconds: number; cpu: number };
export type Compared = { stage: Stage; own: Tally; bare: Tally; alone: number };

const CLIENTS = 8;
const ROUNDS = 4;
/** Before the first round code is compiled and statements are planned, before each next one caches are filled again. */
const WARM_UP_SECONDS = { first: 1.5, next: 0.2 };

/**
 * Asks both sides of each stage by turns, so that whatever else the machine does meets all of them alike; then
 * the console alone by one client, for the time that one answer takes (`alone`, the median in milliseconds).
 * @throws Error where the two sides do not give the same answer.
 */
export async function compareSides(stages: Stage[], which: number, seconds: number): Promise<Compared[]> {
  const players = stages.map((stage) => openPlayer(stage, stage.questions[which] as Question));
  for (const player of players) await player.agree();
  for (const [player, side] of turnsOf(players, 0)) await player.warm(side);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  for (const [player, side] of rounds.flatMap((round) => turnsOf(players, round)))
    await player.play(side, seconds / ROUNDS);
  const alone: number[][] = players.map(() => []);
  for (const [n, player] of rounds.flatMap(() => [...players.entries()]))
    alone[n]?.push(...(await player.playAlone(seconds / 8)));
  for (const player of players) player.close();
  return players.map(({ stage, tallies }, n) => ({
    stage,
    ...tallies,
    alone: quantile(alone[n] ?? [], 0.5),
  }));
}

/** Each side begins every other round. */
function turnsOf<Player>(players: Player[], round: number): [Player, Side][] {
  const sides: Side[] = round % 2 === 0 ? ['bare', 'own'] : ['own', 'bare'];
  return players.flatMap((player) => sides.map((side): [Player, Side] => [player, side]));
}

function openPlayer(stage: Stage, question: Question) {
  const { servers, credentials } = stage;
  const ranges = { own: openRange(servers.own.url, CLIENTS), bare: openRange(servers.bare.url, CLIENTS) };
  const single = openRange(servers.own.url, 1);
  const asked = { own: 0, bare: 0 };
  const tallies = { own: { count: 0, seconds: 0, cpu: 0 }, bare: { count: 0, seconds: 0, cpu: 0 } };
  const next = (side: Side) => (): Shot => {
    const n = asked[side]++;
    const shot = question.ask(side, n);
    return { ...shot, headers: { ...shot.headers, ...credentials[n % credentials.length] } };
  };
  return {
    stage,
    tallies,
    agree: async () => {
      const [own, bare] = [await shoot(ranges.own, next('own')()), await shoot(ranges.bare, next('bare')())];
      if (!isDeepStrictEqual(comparable(own), comparable(bare)))
        throw new Error(
          `${question.what}: the two sides differ:\n${own.slice(0, 1500)}\n${bare.slice(0, 1500)}`,
        );
    },
    warm: (side: Side) => hammer(ranges[side], next(side), WARM_UP_SECONDS.first),
    play: async (side: Side, seconds: number) => {
      await hammer(ranges[side], next(side), WARM_UP_SECONDS.next);
      const before = await servers[side].cpu();
      const volley = await hammer(ranges[side], next(side), seconds);
      const after = await servers[side].cpu();
      tallies[side].count += volley.times.length;
      tallies[side].seconds += volley.seconds;
      tallies[side].cpu += (after ?? Number.NaN) - (before ?? Number.NaN);
    },
    playAlone: async (seconds: number) => (await hammer(single, next('own'), seconds)).times,
    close: () => {
      for (const { agent } of [ranges.own, ranges.bare, single]) agent.destroy();
    },
  };
}

/** A decision is of another order, another moment and another person on each side. */
function comparable(text: string): unknown {
  const answer = JSON.parse(text) as Record<string, unknown>;
  if (!('decided_ts' in answer)) return answer;
  return { ...answer, id: 0, order_id: '', decided_ts: '', decided_by: '' };
}
