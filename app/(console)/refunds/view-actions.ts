'use server';

import { guardedAction } from '#lib/auth/index.ts';
import { noInputSchema } from '#lib/contract/fields.ts';
import { saveViewSchema, viewSchema } from '#lib/contract/queue.ts';
import { listViews as list, deleteView as remove, saveView as save } from '#lib/refunds/queue/index.ts';

/** The views of the signed-in person; the menu asks for them by itself. */
export const listViews = guardedAction(
  noInputSchema,
  { role: 'viewer', isActivity: false },
  ({ db, person }) => list(db, person),
);
export const saveView = guardedAction(saveViewSchema, { role: 'viewer' }, ({ db, person }, input) =>
  save(db, person, input),
);
export const deleteView = guardedAction(viewSchema, { role: 'viewer' }, ({ db, person }, input) =>
  remove(db, person, input),
);
