export { describePolicy } from './describe-policy.ts';
export { activatePolicy, addPolicy, getPolicy, listPolicies } from './policies.ts';
export { type Policy, parsePolicy } from './rules.ts';
