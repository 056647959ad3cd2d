export { computeRefund } from './compute-refund.ts';
export { describePolicy } from './describe-policy.ts';
export { getPolicy, listPolicies, type StoredPolicy } from './policies.ts';
export {
  comparePolicies,
  draftPolicy,
  type PolicyChange,
  type PolicyDifference,
  publishPolicy,
} from './publications.ts';
export { type Policy, parsePolicy } from './rules.ts';
