/**
 * The `when` of the newest migration, as drizzle/meta/_journal.json has it; a test holds the two together.
 * It stands here because the built console has no migration files beside it.
 */
export const schemaVersion = 1_795_478_400_029;
