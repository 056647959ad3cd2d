export type { CaseStep, Permission } from '../rules/permissions.ts';
export type { Case } from '../rules/records.ts';
export { claimOrder, escalateOrder, releaseOrder, snoozeOrder } from './case-steps.ts';
export { requestRescore } from './request-rescore.ts';
export { watchOrder } from './watch-order.ts';
