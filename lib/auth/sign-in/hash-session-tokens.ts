import type { BetterAuthOptions, DBAdapter, DBTransactionAdapter, Where } from 'better-auth';
import { hashSessionToken } from '../identity/session.ts';

type CreateAdapter = (options: BetterAuthOptions) => DBAdapter;
type Row = Record<string, unknown>;
/** The arguments of an adapter's methods, as far as they can contain a session token. */
type Query = { model: string; where?: Where[]; data?: Row; update?: Row; set?: Row };

/**
 * Makes the auth library's database adapter store and look up only the hashes of session tokens. The library itself
 * keeps seeing the tokens, because it writes them into cookies.
 */
export function hashSessionTokens(createAdapter: CreateAdapter): CreateAdapter {
  return (options) => {
    const adapter = createAdapter(options);
    return {
      ...hashEachMethod(adapter),
      transaction: (work) => adapter.transaction((inner) => work(hashEachMethod(inner))),
    };
  };
}

/** Names each method: one that a later version of the library adds is missing here until it is covered and tested. */
function hashEachMethod(adapter: DBTransactionAdapter): DBTransactionAdapter {
  return {
    id: adapter.id,
    options: adapter.options,
    createSchema: adapter.createSchema,
    create: hashTokens(adapter.create),
    findOne: hashTokens(adapter.findOne),
    findMany: hashTokens(adapter.findMany),
    count: hashTokens(adapter.count),
    update: hashTokens(adapter.update),
    updateMany: hashTokens(adapter.updateMany),
    delete: hashTokens(adapter.delete),
    deleteMany: hashTokens(adapter.deleteMany),
    consumeOne: hashTokens(adapter.consumeOne),
    incrementOne: hashTokens(adapter.incrementOne),
  };
}

/** Replaces the tokens in a query by their hashes, and those hashes in the result by the tokens. */
function hashTokens<Method extends (query: never) => Promise<unknown>>(method: Method): Method {
  const wrapped = async (query: Query) => {
    if (query.model !== 'session') return method(query as never);
    const tokenByHash = new Map<unknown, string>();
    const hash = (token: unknown) => {
      if (typeof token !== 'string') return token;
      tokenByHash.set(hashSessionToken(token), token);
      return hashSessionToken(token);
    };
    const hashRow = (row?: Row) => (row && 'token' in row ? { ...row, token: hash(row.token) } : row);
    const hashCondition = (condition: Where) => {
      const { field, value } = condition;
      if (field !== 'token') return condition;
      return { ...condition, value: Array.isArray(value) ? value.map(hash) : hash(value) };
    };
    const restore = (row: unknown) => {
      const token = tokenByHash.get((row as Row | null)?.token);
      return token === undefined ? row : { ...(row as Row), token };
    };
    const { where, data, update, set } = query;
    const result = await method({
      ...query,
      where: where?.map(hashCondition),
      data: hashRow(data),
      update: hashRow(update),
      set: hashRow(set),
    } as never);
    return Array.isArray(result) ? result.map(restore) : restore(result);
  };
  return wrapped as unknown as Method;
}
