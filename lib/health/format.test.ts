import { expect, test } from 'vitest';
import { formatColumns, formatDuration, formatHistory, formatStatus } from './format.ts';
import type { Status } from './get-status.ts';
import type { SyncStatus } from './get-sync-status.ts';

test('durations have two units at most', () => {
  const texts = [0, 1, 60, 75, 3_600, 3_601, 90_000, -90].map(formatDuration);
  expect(texts).toEqual(['0 s', '1 s', '1 min', '1 min 15 s', '1 h', '1 h', '1 d 1 h', 'in 1 min 30 s']);
});

test('columns are as wide as their widest cell, numbers are right-aligned, lines have no trailing space', () => {
  const table = formatColumns(
    [
      ['table', 'rows'],
      ['a', '1,000'],
    ],
    [1],
  );
  expect(table).toBe('table   rows\na      1,000\n');
});

const recommender = {
  policy: 'v1',
  historyUntilTs: null,
  deferred: 0,
  deferredSinceTs: null,
  agentCallsLastHour: 0,
  agentTimeoutsLastHour: 0,
  agentOutagesLastHour: 0,
  agentUnusableLastHour: 0,
  agentStoppedTs: null,
};
const sync: SyncStatus = {
  state: 'never',
  mode: null,
  behind: 0,
  lagSeconds: 0,
  checkedTs: null,
  failingSinceTs: null,
  error: null,
  quarantined: 0,
  orders: { behind: 0, lagSeconds: 0 },
};
const beforeTheFirst: Status = {
  at: '2026-11-20T12:00:00.000Z',
  database: { kind: 'embedded', name: 'caspers', version: '18.4', user: 'ana', hasRoles: true },
  volume: 'v',
  lag: { newestEventSeconds: null, lastBatchSeconds: null },
  newestEventTs: null,
  watermark: null,
  lastBatch: null,
  backlog: { files: 3, changedFiles: [], orders: 2, recommendations: 1 },
  accounts: {
    ...{ files: 2, copies: 1, readAgain: 3, records: 1_010, events: 1_000, duplicates: 7, quarantined: 3 },
    ...{ replayed: 1, deleted: 0, bronze: 1_001, addsUp: true },
  },
  recommender,
  sync,
  silentLocations: [],
  tables: [{ table: 'lakeflow.all_events', rows: 12_345 }],
};

test('a status before the first batch says so', () => {
  const text = formatStatus(beforeTheFirst);
  expect(text).toContain('policy v1, none deferred, 0 agent calls in the last hour\n');
  expect(text).toContain('sync          has not run yet');
  expect(text).toContain('caspers on embedded Postgres 18.4');
  expect(text).toContain('newest event  none yet');
  expect(text).toContain('3 files, 2 orders to score, 1 recommendations to sync');
  expect(text).toContain('lakeflow.all_events  12,345');
});

test('files and records are shown as sums, and a disagreement of the tables is reported', () => {
  const text = formatStatus(beforeTheFirst);
  expect(text).toContain(
    '5 = 2 ingested + 3 waiting, 1 of the ingested are copies, 3 readings again of changed ones\n',
  );
  expect(text).toContain('1,010 = 1,000 events + 7 duplicates + 3 quarantined\n');
  const accounts = { ...beforeTheFirst.accounts, addsUp: false };
  expect(formatStatus({ ...beforeTheFirst, accounts })).toContain('quarantined; the tables do not agree: ');
});

test.each([
  [
    { state: 'failing', mode: 'continuous', failingSinceTs: 'T', error: 'refused' },
    'failing since T: refused',
  ],
  [{ state: 'stopped', mode: 'continuous', checkedTs: 'T' }, 'was continuous, no report since T'],
  [{ state: 'behind', mode: 'triggered', behind: 7, lagSeconds: 61.2 }, 'triggered, 7 behind by 1 min 1 s'],
  [{ state: 'current', mode: 'snapshot', quarantined: 2 }, 'sees every recommendation, 2 quarantined'],
] as const)('a sync %o is described', (change, description) => {
  expect(formatStatus({ ...beforeTheFirst, sync: { ...sync, ...change } })).toContain(description);
});

test('synced orders whose facts have changed since are counted', () => {
  const checked = { ...sync, mode: 'continuous', checkedTs: 'T' } as const;
  const describe = (orders: SyncStatus['orders']) =>
    formatStatus({ ...beforeTheFirst, sync: { ...checked, orders } });
  expect(describe({ behind: 0, lagSeconds: 0 })).toContain('orders        every change up to T\n');
  expect(describe({ behind: 3, lagSeconds: 4.2 })).toContain('3 changed orders behind by at most 4 s');
});

test('orders that wait for the agent are counted', () => {
  const waiting = {
    ...recommender,
    deferred: 3,
    deferredSinceTs: 'T',
    historyUntilTs: 'H',
    agentCallsLastHour: 9,
  };
  expect(formatStatus({ ...beforeTheFirst, recommender: waiting })).toContain(
    'policy v1, 3 deferred, the first since T, 9 agent calls in the last hour, history until H',
  );
  const failing = { ...waiting, agentTimeoutsLastHour: 8, agentUnusableLastHour: 1, agentStoppedTs: 'S' };
  expect(formatStatus({ ...beforeTheFirst, recommender: failing })).toContain(
    '9 agent calls in the last hour (8 timed out, 1 were unusable), agent stopped since S: npm run recommend -- resume-agent',
  );
});

test('a history has a line for each version', () => {
  const text = formatHistory([
    {
      version: 0,
      timestamp: '2026-11-20T12:00:00.000Z',
      userName: 'caspers',
      operation: 'STREAMING UPDATE',
      operationParameters: { epochId: 1 },
      operationMetrics: { numOutputRows: 7 },
    },
  ]);
  expect(text.split('\n')[1]).toMatch(/^ {6}0 .* STREAMING UPDATE {2}epochId=1 {3}numOutputRows=7$/);
});
