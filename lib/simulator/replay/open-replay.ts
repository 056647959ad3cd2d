import { resolve } from 'node:path';
import { UsageError } from '#lib/errors.ts';
import type { FaultRates } from '../faults/kinds.ts';
import { openLocation, type Simulation } from '../open-location.ts';
import { findPosition } from '../position.ts';
import type { Dataset } from './dataset.ts';
import type { ReplayOrigin } from './recorded-event.ts';
import { keepReplayState, type ReplayState, readReplayState } from './replay-state.ts';
import { openReplayStream, openTrack, type Timetable } from './replay-stream.ts';

const DAY = 86_400_000;

type Plan = {
  volume: string;
  directory: string;
  dataset: Dataset;
  origin: ReplayOrigin;
  /** When the recording's first day is played in a volume that does not know the location yet. */
  begin: Date;
  startDay: number;
  /** The start day that was asked for, if one was. */
  wantedDay: number | undefined;
  rates: FaultRates;
};

/**
 * Opens the replay of a location where its last run stopped. When the recording begins is kept beside the volume.
 * @throws UsageError where another recording or another start would mix two replays in one volume.
 */
export async function openReplay(plan: Plan): Promise<Simulation> {
  const { volume, directory, dataset, origin, begin, startDay, rates } = plan;
  const { recording, epoch, days, rows } = dataset;
  const { location } = origin;
  const found = await findPosition(volume, location);
  const kept = await readReplayState(volume, location);
  refuseMixing(plan, kept, found);
  const state: ReplayState = kept ?? {
    version: 1,
    kind: 'replay',
    location,
    recording: recording.fingerprint,
    begin: begin.toISOString(),
    start_day: startDay,
  };
  if (!kept) await keepReplayState(volume, state);
  const timetable: Timetable = { epoch, begin: Date.parse(state.begin), cycleMs: days * DAY };
  const track = openTrack(recording, rows.get(location) ?? [], epoch, origin);
  return openLocation({
    course: {
      volume,
      location,
      seed: 1,
      dq: {},
      possible: ['duplicate-storm'],
      rates,
      open: (_, position) => openReplayStream(track, timetable, position),
    },
    origin: `replay of ${resolve(directory)}, day ${state.start_day} first`,
    // Just before the first second, whose events are after it.
    start: timetable.begin - 1,
    found,
    continued: kept !== undefined,
    wanted: [],
  });
}

function refuseMixing(
  { volume, dataset, origin, wantedDay }: Plan,
  kept: ReplayState | undefined,
  found: number | undefined,
): void {
  const { fingerprint } = dataset.recording;
  const other = 'Choose another --volume.';
  if (!kept && found !== undefined)
    throw new UsageError(`${volume} holds files of ${origin.location} that are of no replay. ${other}`);
  if (kept && kept.recording !== fingerprint)
    throw new UsageError(
      `${volume} holds a replay of another recording (${kept.recording}; this one has ${fingerprint}). ${other}`,
    );
  if (kept && wantedDay !== undefined && wantedDay !== kept.start_day)
    throw new UsageError(
      `${volume} holds a replay that began with --start-day ${kept.start_day}. Leave it out to go on, or choose another --volume.`,
    );
}
