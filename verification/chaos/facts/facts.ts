import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'drizzle-orm/sql';
import { count, json, named, nullable, text, usd } from '#db/columns.ts';
import type { RecommendedFacts } from '#db/recommendation-columns.ts';
import { statement } from '#db/statement.ts';
import { fixedClock, sleep } from '#lib/clock.ts';
import type { Evidence } from '#lib/contract/refund.ts';
import { silentLog } from '#lib/log.ts';
import { defaultLimits, rebuild, runPipeline } from '#lib/pipeline/index.ts';
import { dropQuarantined, requestAdmission, requestReplay } from '#lib/pipeline/requests/index.ts';
import { silentProgress } from '#lib/progress.ts';
import { integer, stream } from '#lib/random.ts';
import { recommendOnce } from '#lib/recommender/index.ts';
import { syncOnce } from '#lib/sync/index.ts';
import { drainVolume } from '../../setup/drain-volume.ts';
import { ADDRESS_KEY } from '../../setup/scratch.ts';
import type { Experiment } from '../sandbox/experiment.ts';
import { type Sandbox, withSandbox } from '../sandbox/sandbox.ts';
import { findWrong, type KnownOrder, type Newest, type NewestAnswer } from './expect-answer.ts';
import { type Arrival, makeClockEvents, makeSequence, PHASES, type SequenceEvent } from './make-sequence.ts';

/** Sequences that share a lakehouse: each is an order of its own. */
const PER_WORLD = 100;
/** After every event of a world. */
const clock = fixedClock('2026-10-05T00:00:00Z');

/**
 * Orders whose events come in any order, broken, repeated, late, mended and dropped, with a run of pipeline and
 * recommender in between; at the end each newest recommendation is what the order's own facts give.
 */
export const facts: Experiment = {
  goal: 'every recommendation is the one that the facts of its order give, whatever came before them',
  times: 10_000,
  timesInTests: 300,
  run: async ({ server, seed, times, signal, say }) => {
    const problems: string[] = [];
    const figures = { sequences: 0, recommendations: 0, superseded: 0, admitted: 0 };
    for (let world = 0; figures.sequences < times && !signal.aborted; world += 1) {
      const sequences = Math.min(PER_WORLD, times - figures.sequences);
      const found = await withSandbox(server, (sandbox) =>
        playWorld(sandbox, { seed, world, sequences, signal }),
      );
      // An interrupted world is not at its end.
      if (signal.aborted) break;
      problems.push(...found.problems.map((problem) => `world ${world}: ${problem}`));
      figures.sequences += sequences;
      figures.recommendations += found.recommendations;
      figures.superseded += found.superseded;
      figures.admitted += found.admitted;
      if ((world + 1) % 10 === 0) say(`${figures.sequences} sequences, ${problems.length} problems`);
    }
    return { figures, problems };
  },
};

type World = { seed: number; world: number; sequences: number; signal: AbortSignal };
type Played = { problems: string[]; recommendations: number; superseded: number; admitted: number };

async function playWorld(sandbox: Sandbox, { seed, world, sequences, signal }: World): Promise<Played> {
  const random = stream(seed, 'facts', world);
  const orders = Array.from({ length: sequences }, (_, n) => makeSequence(random, `${world}-${n}`));
  const arrivals = orders.flat();
  const figures = { admitted: 0 };
  await sandbox.db.pool.query(`insert into recommender.stream values (true, '-infinity', now())`);
  for (let phase = 0; phase < PHASES; phase += 1) {
    await writePhase(sandbox, arrivals, phase, integer(random, 20, 200));
    // Only a continuous run has late events, which are then left out of the windows until they are admitted.
    await (random() < 0.5 ? follow(sandbox, signal) : drain(sandbox, signal));
    if (random() < 0.8) await recommend(sandbox, signal);
    await actOnQuarantine(sandbox, arrivals, phase);
    if (random() < 0.5) figures.admitted += await requestAdmission(sandbox.db, {}, clock.now());
    await drain(sandbox, signal);
    if (random() < 0.8) await recommend(sandbox, signal);
  }
  await recommend(sandbox, signal);
  const before = await countRows(sandbox);
  const { added, revised, undelivered } = await recommend(sandbox, signal);
  await syncOnce(
    { source: sandbox.db, target: sandbox.db },
    { clock, signal, sleep, log: silentLog, say: () => undefined },
  );
  const wrong = await compareAll(sandbox, orders);
  const idle = added + revised + undelivered;
  if (idle > 0) wrong.push(`${idle} recommendations from nothing new`);
  const { identical, tables } = await rebuild({ db: sandbox.db, clock, select: [], verify: true });
  if (!identical)
    wrong.push(`differs from its rebuild: ${JSON.stringify(tables.flatMap((t) => t.differences)[0])}`);
  return { problems: wrong, ...before, ...figures };
}

/** Writes what arrives in a phase as files of so many records. */
async function writePhase({ volume }: Sandbox, arrivals: readonly Arrival[], phase: number, size: number) {
  const own = arrivals.filter((arrival) => arrival.phase === phase);
  const lines = [
    ...own.map(({ event, broken }) => broken?.text ?? JSON.stringify(event)),
    ...makeClockEvents(phase, 'w').map((event) => JSON.stringify(event)),
  ];
  for (let at = 0; at < lines.length; at += size) {
    const name = `${phase}-${String(at).padStart(6, '0')}.json`;
    await writeFile(join(volume, name), `${lines.slice(at, at + size).join('\n')}\n`);
  }
}

async function drain({ db, volume }: Sandbox, signal: AbortSignal): Promise<void> {
  await drainVolume({ db, volume, signal, clock, maxFiles: 3 });
}

/** The same, but as a continuous run that is stopped when nothing is left. */
async function follow({ db, volume }: Sandbox, signal: AbortSignal): Promise<void> {
  const done = new AbortController();
  await runPipeline({
    addressKey: ADDRESS_KEY,
    ...{ db, volume, mode: 'continuous', limits: { ...defaultLimits, maxFiles: 3 }, clock, sleep },
    signal: AbortSignal.any([signal, done.signal]),
    say: () => undefined,
    onBatch: (_batch, pending) => pending === 0 && done.abort(),
  });
}

function recommend({ db }: Sandbox, signal: AbortSignal) {
  return recommendOnce(db, {
    ...{ clock, signal, log: silentLog, say: () => undefined, startProgress: () => silentProgress },
    ...{ scorer: undefined, callsPerHour: 0, outageMs: 0, stopAfter: 5 },
  });
}

const findOpen = statement({
  returns: { id: count, raw: text },
  sql: () => sql`
    -- one row per record that waits
    select id, raw from lakeflow.quarantined_records
    where replayed_at is null and dropped_at is null and replay_requested_at is null`,
});

/** People mend and replay, or drop, the records whose time has come. */
async function actOnQuarantine({ db }: Sandbox, arrivals: readonly Arrival[], phase: number): Promise<void> {
  const now = clock.now();
  const open = new Map((await findOpen(db.pool, {})).map(({ id, raw }) => [raw, id]));
  for (const { event, broken } of arrivals) {
    const id = broken && open.get(broken.text);
    if (!id || broken.fate.does === 'nothing' || broken.fate.phase !== phase) continue;
    if (broken.fate.does === 'drop') await dropQuarantined(db, { ids: [id] }, now);
    else await requestReplay(db, { ids: [id] }, { now, replacement: JSON.stringify(event) });
  }
}

const findNewest = statement({
  returns: {
    orderId: text,
    refundClass: nullable(text),
    refundCents: named('refund_usd', nullable(usd)),
    policyVersion: text,
    evidence: json<Evidence>(),
    facts: json<RecommendedFacts>(),
  },
  sql: () => sql`
    -- one row per order that the console sees
    select order_id, refund_class, refund_usd, policy_version, evidence, facts from recommender.pg_recommendations`,
});

const countRecommendations = statement({
  returns: { recommendations: count, superseded: count },
  sql: () => sql`
    -- one row
    select count(*) as recommendations, count(*) filter (where revision > 0) as superseded
    from recommender.refund_recommendations`,
});

async function countRows({ db }: Sandbox): Promise<{ recommendations: number; superseded: number }> {
  const [row] = await countRecommendations(db.pool, {});
  return row ?? { recommendations: 0, superseded: 0 };
}

async function compareAll({ db }: Sandbox, orders: readonly Arrival[][]): Promise<string[]> {
  const given = new Map<string, NewestAnswer>(
    (await findNewest(db.pool, {})).map((row) => [row.orderId, row]),
  );
  const known = orders.map(readOrder);
  const clocks = Array.from({ length: PHASES }, (_, phase) => makeClockEvents(phase, 'w')).flat();
  const newest = findNewestTimes([...known.flatMap(({ events }) => events), ...clocks]);
  return known.flatMap((order, n) => {
    const orderId = orders[n]?.[0]?.event.order_id ?? '';
    const wrong = findWrong(order, newest, given.get(orderId));
    return wrong ? [`${orderId}: ${wrong}`] : [];
  });
}

/** What was accepted of an order in the end: what came whole, and what was mended. */
function readOrder(arrivals: readonly Arrival[]): KnownOrder {
  const accepted = arrivals.filter(({ broken }) => !broken || broken.fate.does === 'replay');
  return {
    events: accepted.map(({ event }) => event),
    isWaiting: arrivals.some(({ broken }) => broken?.fate.does === 'nothing'),
  };
}

function findNewestTimes(events: readonly SequenceEvent[]): Newest {
  const byLocation = new Map<string | null, number>();
  for (const { location, ts } of events)
    byLocation.set(location, Math.max(byLocation.get(location) ?? 0, Date.parse(ts)));
  return { all: Math.max(...byLocation.values()), byLocation };
}
