import pg from 'pg';
import type { DatabaseRole } from './roles/roles.ts';
import { type Settings, settingsOfTransaction } from './session.ts';

type Query = { text: string; name?: string; values?: unknown[] };
type Callback = (error: unknown, result?: pg.QueryResult) => void;

const BEGIN = /^\s*(begin|start transaction)\b/i;
const FIND_ROLE = `select rolname from pg_roles where rolname = $1 and pg_has_role(oid, 'member')`;

/**
 * The class of clients behind a pooler in transaction mode. The server's connection is theirs for a transaction only, so
 * every transaction gets the settings and the role, a single statement runs in a transaction of its own, and no
 * statement is prepared by name.
 */
export function pooledClient(settings: Settings, role: DatabaseRole | undefined): typeof pg.Client {
  return class extends pg.Client {
    #turn: Promise<unknown> = Promise.resolve();
    #begin: Promise<string> | undefined;

    override query(...args: unknown[]): never {
      const callback = typeof args.at(-1) === 'function' ? (args.pop() as Callback) : undefined;
      const [first, values] = args as [string | Query, unknown[] | undefined];
      const { name: _, ...query } = typeof first === 'string' ? { text: first } : first;
      const result = this.#turn.then(() => this.#run(values ? { ...query, values } : query));
      this.#turn = result.catch(() => undefined);
      if (callback)
        result.then(
          (rows) => callback(undefined, rows),
          (error) => callback(error),
        );
      return result as never;
    }

    async #run(query: Query): Promise<pg.QueryResult> {
      if (this.getTransactionStatus() !== 'I') return super.query(query);
      this.#begin ??= this.#findRole().then((found) => settingsOfTransaction(settings, found));
      const set = await this.#begin;
      if (BEGIN.test(query.text)) return super.query(`${query.text}; ${set}`);
      try {
        await super.query(`begin; ${set}`);
        const result = await super.query(query);
        await super.query('commit');
        return result;
      } catch (error) {
        if (this.getTransactionStatus() !== 'I') await super.query('rollback').catch(() => undefined);
        throw error;
      }
    }

    /** The role, if it exists and the user may assume it. */
    async #findRole(): Promise<string | undefined> {
      if (!role) return undefined;
      const { rows } = await super.query(FIND_ROLE, [role]);
      return rows[0]?.rolname;
    }
  };
}
