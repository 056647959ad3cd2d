import type { Suggestion } from '#lib/refunds/queue/index.ts';

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

/** Where a suggestion comes from and, where a model was asked, of which versions model, prompt and policy were. */
export function describeOrigin(suggestion: Suggestion): string {
  const { source, model, promptVersion, policyVersion } = suggestion;
  if (promptVersion === null) return sourceLabel(suggestion);
  const named = source === 'agent' || model === null ? [] : [`model ${model}`];
  return [sourceLabel(suggestion), ...named, `prompt ${promptVersion}`, `policy ${policyVersion}`].join(
    ' · ',
  );
}
