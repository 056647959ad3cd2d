/** What was suggested, as a decision keeps it: SQL over a recommendation's columns. */
export function snapshotOf(table: string): string {
  const keys = ['recommendation_id', 'ts', 'refund_class', 'refund_usd', 'reason', 'source', 'model'];
  const versions = ['policy_version', 'prompt_version', 'evidence'];
  return `jsonb_build_object(${[...keys, ...versions].map((key) => `'${key}', ${table}.${key}`).join(', ')})`;
}
