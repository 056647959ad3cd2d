import { setImmediate as nextTurn } from 'node:timers/promises';
import { formatFileName, writeFilesAtomically } from '#lib/volume/index.ts';
import { writeManifests } from './faults/manifest.ts';
import type { Simulation } from './open-location.ts';
import type { Window } from './windows.ts';

const HOUR = 3_600_000;
/** As much is drawn before it is written, while what was drawn before it is being written. */
const BATCH = { files: 32, bytes: 4_000_000 };

export type AdvanceOptions = {
  signal: AbortSignal;
  /** Called when the files of some windows are written, with the last one's end (epoch ms). */
  onWindow?: ((end: number) => void) | undefined;
};

type Drawn = Omit<Window, 'text'> & { simulation: Simulation; end: number; name: string; content: Buffer };

/**
 * Writes all events of the simulations up to `to` (epoch ms): one file per location and hour of simulated time, the
 * last one ending at `to`. Locations go side by side, so that a reader meets time nearly in order. Backfill and live
 * are this. Stops between two windows when `signal` aborts.
 */
export async function advance(
  simulations: Simulation[],
  volume: string,
  to: number,
  { signal, onWindow }: AdvanceOptions,
): Promise<void> {
  let end = Math.min(...simulations.map((simulation) => simulation.position));
  let written = keepFailure(Promise.resolve());
  while (end < to && !signal.aborted) {
    const batch = await drawBatch(simulations, { from: end, to, signal });
    end = batch.end;
    await written();
    written = keepFailure(writeBatch(batch.windows, volume).then(() => onWindow?.(batch.end)));
  }
  await written();
}

/** Draws some hours of all simulations; between them, what is being written may go on. */
async function drawBatch(
  simulations: Simulation[],
  { from, to, signal }: { from: number; to: number; signal: AbortSignal },
): Promise<{ windows: Drawn[]; end: number }> {
  const windows: Drawn[] = [];
  let end = from;
  while (end < to && !signal.aborted && !isFull(windows)) {
    end = Math.min(to, (Math.floor(end / HOUR) + 1) * HOUR);
    for (const simulation of simulations) windows.push(...drawWindow(simulation, end));
    await nextTurn();
  }
  return { windows, end };
}

/** Work that goes on by itself; whoever waits for it later meets its failure, and nobody before. */
function keepFailure(work: Promise<unknown>): () => Promise<void> {
  const outcome = work.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  return async () => {
    const failure = await outcome;
    if (failure) throw failure.error;
  };
}

function isFull(batch: Drawn[]): boolean {
  const bytes = batch.reduce((sum, { content }) => sum + content.length, 0);
  return batch.length >= BATCH.files || bytes >= BATCH.bytes;
}

function drawWindow(simulation: Simulation, end: number): Drawn[] {
  if (end <= simulation.position) return [];
  const { text, ...window } = simulation.windows.take(end);
  const name = formatFileName(new Date(end), simulation.location);
  return [{ ...window, simulation, end, name, content: Buffer.from(text) }];
}

/** A window without events leaves no file; it is drawn again after a restart, which changes nothing. */
async function writeBatch(batch: Drawn[], volume: string): Promise<void> {
  const files = batch.filter(({ content }) => content.length > 0);
  await writeManifests(volume, files);
  if (files.length > 0) await writeFilesAtomically(volume, files);
  for (const { simulation, end, content, orders, events } of batch) {
    simulation.position = end;
    simulation.written.events += events;
    simulation.written.orders += orders;
    if (content.length === 0) continue;
    simulation.written.files += 1;
    simulation.filed = end;
  }
}
