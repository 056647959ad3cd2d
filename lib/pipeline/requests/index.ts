export { settleRequests } from './handle-requests.ts';
export {
  countRequestedAdmissions,
  type LateEventRow,
  listLateEvents,
  requestAdmission,
} from './late-events.ts';
export {
  dropQuarantined,
  getQuarantined,
  listQuarantined,
  type QuarantineChoice,
  type QuarantinedRow,
} from './quarantined-records.ts';
export { requestReplay } from './request-replay.ts';
