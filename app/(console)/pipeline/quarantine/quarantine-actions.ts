'use server';

import { guardedAction } from '#lib/auth/index.ts';
import {
  checkTextSchema,
  dropRecordSchema,
  replayRecordSchema,
  ruleSchema,
} from '#lib/contract/quarantine.ts';
import { checkText, dropRecords, replayRecords } from '#lib/pipeline/requests/screens.ts';

export const check = guardedAction(checkTextSchema, { role: 'engineer' }, async (context, { text }) =>
  checkText(context, text),
);
export const replay = guardedAction(replayRecordSchema, { role: 'engineer' }, (context, { id, text }) =>
  replayRecords(context, { ids: [id] }, { replacement: text }),
);
export const drop = guardedAction(dropRecordSchema, { role: 'engineer' }, (context, { id }) =>
  dropRecords(context, { ids: [id] }),
);
/** What a replay of a rule would do, in numbers; nothing is requested. */
export const previewReplay = guardedAction(ruleSchema, { role: 'engineer' }, async (context, { rule }) =>
  countsOf(await replayRecords(context, { rule }, { preview: true })),
);
export const replayRule = guardedAction(ruleSchema, { role: 'engineer' }, async (context, { rule }) =>
  countsOf(await replayRecords(context, { rule })),
);
export const dropRule = guardedAction(ruleSchema, { role: 'engineer' }, (context, { rule }) =>
  dropRecords(context, { rule }),
);

type Result = Awaited<ReturnType<typeof replayRecords>>;

function countsOf({ requested, rejected }: Result) {
  return { requested: requested.length, rejected: rejected.length, example: rejected[0]?.reason };
}
