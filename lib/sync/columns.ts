/** What a recommendation holds besides its id and its order, in the source and in the synced table alike. */
export const columns = [
  'ts',
  'order_ts',
  'delivered_ts',
  'location',
  'delivery_minutes',
  'order_total_usd',
  'agent_response',
  'refund_class',
  'refund_usd',
  'reason',
  'source',
  'model',
  'policy_version',
  'prompt_version',
  'evidence',
  'latency_ms',
  'tokens',
  'rerun',
  'note',
  'requested_by',
  'trace',
] as const;

/** Without these no row can stand in the synced table; `order_id` is its key. */
const required = [
  'ts',
  'order_ts',
  'delivered_ts',
  'delivery_minutes',
  'order_total_usd',
  'agent_response',
  'reason',
  'source',
  'policy_version',
  'evidence',
  'rerun',
] as const satisfies readonly (typeof columns)[number][];

/** The first column that a row lacks, as SQL over the row; null where it lacks none. */
export const missingColumn = `
    case
      when btrim(order_id) <> '' is not true then 'order_id'
      ${required.map((column) => `when ${column} is null then '${column}'`).join('\n      ')}
    end`;

export const columnList = columns.join(', ');

/** For an upsert: everything as in the row that comes. */
export const setColumns = ['recommendation_id', ...columns, 'synced_at']
  .map((column) => `${column} = excluded.${column}`)
  .join(', ');
