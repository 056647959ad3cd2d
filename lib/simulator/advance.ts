import { formatFileName } from '#lib/volume/file-name.ts';
import { writeFileAtomically } from '#lib/volume/write-file.ts';
import { writeManifest } from './faults/manifest.ts';
import type { Simulation } from './open-location.ts';

const HOUR = 3_600_000;

export type AdvanceOptions = {
  signal: AbortSignal;
  /** Called after each window with its end (epoch ms). */
  onWindow?: ((end: number) => void) | undefined;
};

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
  while (end < to && !signal.aborted) {
    end = Math.min(to, (Math.floor(end / HOUR) + 1) * HOUR);
    for (const simulation of simulations) await writeWindow(simulation, volume, end);
    onWindow?.(end);
  }
}

/** A window without events leaves no file; it is drawn again after a restart, which changes nothing. */
async function writeWindow(simulation: Simulation, volume: string, end: number): Promise<void> {
  if (end <= simulation.position) return;
  const { lines, orders, events, faults } = simulation.windows.take(end);
  if (lines.length > 0) {
    const name = formatFileName(new Date(end), simulation.location);
    await writeManifest(volume, name, faults);
    await writeFileAtomically(volume, name, lines.join(''));
    simulation.written.files += 1;
    simulation.filed = end;
  }
  simulation.position = end;
  simulation.written.events += events;
  simulation.written.orders += orders;
}
