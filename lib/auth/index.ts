export { guardedAction } from './guard/guarded-action.ts';
export { getPerson, requirePage } from './guard/require-page.ts';
export { safeRedirect } from './guard/safe-redirect.ts';
export type { ActionError, ActionResult, PersonContext } from './guard/types.ts';
