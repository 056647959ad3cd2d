import type { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { hashSessionToken } from './hash-token.ts';

type AdapterFactory = ReturnType<typeof drizzleAdapter>;
type Adapter = ReturnType<AdapterFactory>;
type Where = { field: string; value: unknown };
type Asked = { model: string; where?: Where[]; data?: Record<string, unknown> };

/** A database adapter that stores and looks for the hash of a session's token, and gives back the token itself. */
export function hashTokensAdapter(factory: AdapterFactory): AdapterFactory {
  return (options) => wrap(factory(options)) as Adapter;
}

function wrap(adapter: Partial<Adapter>): Partial<Adapter> {
  const methods = Object.entries(adapter).map(([name, method]) => {
    if (typeof method !== 'function') return [name, method];
    if (name === 'transaction') return [name, wrapTransaction(method)];
    return [name, wrapMethod(method as (asked: Asked) => unknown)];
  });
  return Object.fromEntries(methods) as Partial<Adapter>;
}

function wrapTransaction(transaction: unknown) {
  const begin = transaction as (work: (inner: unknown) => unknown) => unknown;
  return (work: (inner: unknown) => unknown) => begin((inner) => work(wrap(inner as Partial<Adapter>)));
}

function wrapMethod(method: (asked: Asked) => unknown) {
  return async (asked: Asked, ...rest: unknown[]) => {
    if (asked?.model !== 'session') return Reflect.apply(method, undefined, [asked, ...rest]);
    const token = asked.data?.token ?? asked.where?.find(({ field }) => field === 'token')?.value;
    const result: unknown = await Reflect.apply(method, undefined, [hashed(asked), ...rest]);
    const isRow = typeof result === 'object' && result !== null && 'token' in result;
    return isRow && typeof token === 'string' ? { ...result, token } : result;
  };
}

function hashed(asked: Asked): Asked {
  const { where, data } = asked;
  return {
    ...asked,
    ...(where && { where: where.map((each) => (each.field === 'token' ? hashValue(each) : each)) }),
    ...(typeof data?.token === 'string' && { data: { ...data, token: hashSessionToken(data.token) } }),
  };
}

function hashValue(condition: Where): Where {
  const { value } = condition;
  const hash = (token: unknown) => hashSessionToken(String(token));
  return { ...condition, value: Array.isArray(value) ? value.map(hash) : hash(value) };
}
