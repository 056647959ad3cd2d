import type { Suggestion } from '#lib/refunds/types.ts';

/** Where a suggestion comes from, in a few words. */
export function sourceLabel({ source, model, policyVersion }: Suggestion): string {
  switch (source) {
    case 'policy':
      return `Policy ${policyVersion}`;
    case 'agent':
      return model ? `Agent ${model}` : 'Agent';
    case 'deferred':
      return 'Deferred';
    case 'error':
      return 'Scorer failed';
    default:
      return source satisfies never;
  }
}
