/** The roles that the parts of the system work under; migrations and operator commands run as the owner. */
export const databaseRoles = [
  'caspers_console',
  'caspers_pipeline',
  'caspers_recommender',
  'caspers_sync',
] as const;
export type DatabaseRole = (typeof databaseRoles)[number];

export const READ = 'select';
const NOTHING = '';
const APPEND = 'select, insert';
const WRITE = 'select, insert, update, delete';

/** What a role may do with a table or with all tables of a schema (`lakeflow.*`); anything else is refused. */
export const grants: Record<DatabaseRole, [target: string, privileges: string][]> = {
  // Of the lakehouse, which may be another database, the console reads how far the events of each location have come,
  // because /readyz names the silent ones, and what the screens of the pipeline show.
  caspers_console: [
    ['lakeflow.checkpoints', READ],
    ['lakeflow.location_activity', READ],
    ['lakeflow.silver_orders', READ],
    // What dashboards show.
    ['lakeflow.gold_delivery_times_hourly', READ],
    ['lakeflow.gold_delivery_histogram_hourly', READ],
    ['lakeflow.gold_delivery_phases_hourly', READ],
    // Engineers ask for replays, drops and admissions; triggers check who asks, and the pipeline carries them out.
    ['lakeflow.quarantined_records', READ],
    ['lakeflow.quarantined_records', 'update (replay_requested_at, replacement, requested_by, dropped_at)'],
    ['lakeflow.late_events', READ],
    ['lakeflow.late_events', 'update (admit_requested_at, requested_by)'],
    ['lakeflow.table_history', READ],
    ['recommender.*', READ],
    ['recommender.policies', APPEND],
    ['recommender.policy_drafts', APPEND],
    ['recommender.policy_activations', APPEND],
    ['refunds.*', READ],
    ['migrations.*', READ],
    ['refunds.refund_decisions', APPEND],
    ['refunds.approval_requests', APPEND],
    ['refunds.approval_outcomes', APPEND],
    ['refunds.settings', APPEND],
    ['refunds.case_history', APPEND],
    ['refunds.cases', 'update (status, assignee, due_ts, note, changed_by, changed_ts)'],
    ['refunds.presence', WRITE],
    ['refunds.saved_views', WRITE],
    ['auth.user', 'select, insert, update'],
    ['auth.account', 'select, insert, update'],
    ['auth.session', WRITE],
    ['auth.verification', WRITE],
    ['auth.sign_in_attempts', WRITE],
    ['auth.api_tokens', 'select, insert, update'],
    ['auth.audit_log', READ],
  ],
  caspers_pipeline: [
    ['simulator.*', READ],
    ['lakeflow.*', WRITE],
    ['lakeflow.all_events', APPEND],
  ],
  caspers_recommender: [
    ['simulator.*', READ],
    ['lakeflow.*', READ],
    // Only the sync reads where orders go, for the console.
    ['lakeflow.silver_customer_places', NOTHING],
    ['recommender.*', WRITE],
    ['recommender.policies', READ],
    ['recommender.policy_drafts', READ],
    ['recommender.policy_activations', READ],
    ['recommender.open_drafts', READ],
    ['recommender.pg_recommendations', READ],
    ['recommender.sync_checkpoints', READ],
    ['recommender.sync_status', READ],
    ['recommender.sync_quarantine', READ],
    ['recommender.pg_orders', NOTHING],
    ['recommender.pg_order_places', NOTHING],
    ['recommender.pg_brands', READ],
  ],
  caspers_sync: [
    ['recommender.*', READ],
    ['recommender.pg_recommendations', WRITE],
    ['recommender.sync_checkpoints', WRITE],
    ['recommender.sync_status', WRITE],
    ['recommender.sync_quarantine', WRITE],
    ['recommender.pg_orders', WRITE],
    ['recommender.pg_order_places', WRITE],
    ['recommender.pg_brands', WRITE],
    ['simulator.brands', READ],
    ['simulator.locations', READ],
    ['lakeflow.checkpoints', READ],
    ['lakeflow.all_events', READ],
    ['lakeflow.silver_orders', READ],
    ['lakeflow.silver_order_items', READ],
    ['lakeflow.silver_deliveries', READ],
    ['lakeflow.silver_customer_places', READ],
  ],
};

/** Functions that only their owner and these roles may call. */
export const executes: [signature: string, roles: DatabaseRole[]][] = [
  ['auth.append_audit(text, text, text, jsonb)', ['caspers_console']],
  ['recommender.request_rescore(text, text, text)', ['caspers_console', 'caspers_recommender']],
];
