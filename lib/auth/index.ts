export { appendAudit } from './audit/write-audit.ts';
export { guardedAction } from './guard/guarded-action.ts';
export { guardedRoute, systemRoute } from './guard/guarded-route.ts';
export { readJson } from './guard/read-input.ts';
export { getPerson, requirePage } from './guard/require-page.ts';
export { safeRedirect } from './guard/safe-redirect.ts';
export type { ActionError, ActionResult, ApiRequest, PersonContext, RouteContext } from './guard/types.ts';
