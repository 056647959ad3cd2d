import { sql } from 'drizzle-orm/sql';
import type { Database } from '#db/client.ts';
import { json, text } from '#db/columns.ts';
import { statement } from '#db/statement.ts';
import type { Clock } from '#lib/clock.ts';
import { type AbilityMemory, readAbilities } from './abilities.ts';

const findAbilities = statement({
  params: { server: text, model: text },
  returns: { abilities: json<unknown>() },
  sql: ({ server, model }) => sql`
    -- at most one row
    select abilities from recommender.model_abilities where server = ${server} and model = ${model}`,
});

/** Keeps the abilities of a server and model in `recommender.model_abilities`. */
export function keepAbilities(
  db: Database,
  agent: { server: string; model: string },
  clock: Clock,
): AbilityMemory {
  return {
    read: async () => {
      const [row] = await findAbilities(db.pool, agent);
      return readAbilities(row?.abilities ?? {});
    },
    write: async (abilities) => {
      await db.pool.query(
        `
        insert into recommender.model_abilities (server, model, abilities, learned_at) values ($1, $2, $3, $4)
        on conflict (server, model) do update
        set abilities = excluded.abilities, learned_at = excluded.learned_at`,
        [agent.server, agent.model, JSON.stringify(abilities), clock.now()],
      );
    },
  };
}
