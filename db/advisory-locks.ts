/**
 * Every advisory lock that the system takes, in TypeScript and in SQL, by what it guards. A number must not be used
 * for two things; SQL functions write theirs as a literal with a comment, and a test compares them with this register.
 */
export const advisoryLocks = {
  /** One migrator at a time on a database. */
  migrations: 4_027_001,
  /** One test run at a time makes or drops a template database. */
  testTemplate: 4_027_002,
  /** Shared by all commands that use the embedded server; the last one stops it. */
  embeddedServer: 4_027_003,
  /** The one writer of the lakehouse. */
  pipelineWriter: 4_027_010,
  /** One load of the dimension tables at a time. */
  dimensions: 4_027_011,
  /** Writers of refund_recommendations, so that ids are committed in their order. */
  recommendations: 4_027_020,
  /** The one writer of pg_recommendations. */
  sync: 4_027_021,
  /** Claims of orders for the agent, so that two processes cannot both take the last call of an hour. */
  agentCalls: 4_027_023,
  /** Appends to the audit log, whose rows form a chain; taken in SQL. */
  auditLog: 4_027_030,
  /** Changes of people, so that two admins cannot remove each other's role at once. */
  people: 4_027_031,
} as const;

/** Locks of which there is one per key: `pg_advisory_xact_lock(hashtextextended(key, seed))`. */
export const advisoryLockSeeds = {
  /** By order: everything that decides about it. */
  order: 5,
  /** By person: the decisions that count towards a daily limit; taken in SQL. */
  spender: 28,
  /** By order: requests to score it again; taken in SQL. */
  rescore: 4_027_022,
} as const;
