export { appendAudit } from './audit/write-audit.ts';
export { guardedRoute, systemRoute } from './guard/guarded-route.ts';
export { readJson } from './guard/read-input.ts';
export type { ApiRequest, RouteContext } from './guard/types.ts';
