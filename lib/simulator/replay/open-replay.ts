import { resolve } from 'node:path';
import { UsageError } from '#lib/errors.ts';
import type { FaultRates } from '../faults/fault-kinds.ts';
import { type ReplayState, readReplayState, writeLocationState } from '../storage/location-state.ts';
import { findPosition } from '../storage/position.ts';
import { type LocationRun, openLocationRun } from '../writer/location-run.ts';
import type { Dataset } from './dataset.ts';
import type { ReplayOrigin } from './recorded-event.ts';
import { buildTrack, openReplayStream, type ReplaySchedule } from './replay-stream.ts';

const DAY = 86_400_000;

type OpenReplayParams = {
  volume: string;
  directory: string;
  dataset: Dataset;
  origin: ReplayOrigin;
  /** When the first recorded day is played in a volume that does not contain the location yet. */
  begin: Date;
  startDay: number;
  /** The start day given on the command line, if any. */
  requestedDay: number | undefined;
  rates: FaultRates;
};

/**
 * Opens the replay of a location where its last run stopped. The begin of the recording is stored beside the volume.
 * @throws UsageError where another recording or another start would mix two replays in one volume.
 */
export async function openReplay(params: OpenReplayParams): Promise<LocationRun> {
  const { volume, directory, dataset, origin, begin, startDay, rates } = params;
  const { recording, epoch, days, rows } = dataset;
  const { location } = origin;
  const found = await findPosition(volume, location);
  const stored = await readReplayState(volume, location);
  refuseMixing(params, stored, found !== undefined);
  const state: ReplayState = stored ?? {
    version: 1,
    kind: 'replay',
    location,
    recording: recording.fingerprint,
    begin: begin.toISOString(),
    start_day: startDay,
  };
  if (!stored) await writeLocationState(volume, state);
  const schedule: ReplaySchedule = { epoch, begin: Date.parse(state.begin), cycleMs: days * DAY };
  const track = buildTrack(recording, rows.get(location) ?? [], epoch, origin);
  return openLocationRun({
    source: {
      volume,
      location,
      seed: 1,
      dq: {},
      supportedScenarios: ['duplicate-storm'],
      rates,
      openEvents: (_, position) => openReplayStream(track, schedule, position),
    },
    description: `replay of ${resolve(directory)} from day ${state.start_day}`,
    // Just before the first instant, so that its events come after the position.
    position: found ?? schedule.begin - 1,
    continued: stored !== undefined,
    requestedScenarios: [],
  });
}

function refuseMixing(
  { volume, dataset, origin, requestedDay }: OpenReplayParams,
  stored: ReplayState | undefined,
  hasFiles: boolean,
): void {
  const { fingerprint } = dataset.recording;
  const advice = 'Choose another --volume.';
  if (!stored && hasFiles)
    throw new UsageError(`${volume} holds files of ${origin.location} that are not from a replay. ${advice}`);
  if (stored && stored.recording !== fingerprint)
    throw new UsageError(
      `${volume} holds a replay of another recording (${stored.recording}; this one has ${fingerprint}). ${advice}`,
    );
  if (stored && requestedDay !== undefined && requestedDay !== stored.start_day)
    throw new UsageError(
      `${volume} holds a replay that began with --start-day ${stored.start_day}. Leave out --start-day to continue, or choose another --volume.`,
    );
}
