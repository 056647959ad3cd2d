import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { System } from '../setup/open-system.ts';

export const identities = ['anonymous', 'viewer', 'reviewer', 'disabled', 'expired'] as const;
export type Identity = (typeof identities)[number];

export type Sql = <Row extends pg.QueryResultRow>(text: string, values?: unknown[]) => Promise<Row[]>;
/** `isAction`: Next refuses a malformed action with a bare 500 of its own. */
export type Answer = { status: number; text: string; isAction?: boolean };
export type Target = { orderId: string; recommendationId: string };

/** What an attempt works with; `mark` is the reason that a decision of this attempt would carry. */
export type World = {
  system: System;
  sql: Sql;
  /** The session cookie of the identity; empty for an anonymous request. */
  cookie: string;
  /** Cookies that must no longer be valid, by what ended them. */
  dead: Record<'revoked' | 'password' | 'lowered', string>;
  target: Target;
  mark: string;
  actionId: string;
};

/** Sends one request. Redirects are not followed. */
export async function ask(world: World, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  if (world.cookie && !headers.has('cookie')) headers.set('cookie', world.cookie);
  const response = await fetch(`${world.system.url}${path}`, { redirect: 'manual', ...init, headers });
  const isAction = init.method === 'POST' && !path.startsWith('/api/');
  return { status: response.status, isAction, text: `${headersOf(response)}\n${await response.text()}` };
}

const headersOf = (response: Response) =>
  [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');

/** A decision as the form sends it. */
export function decision(world: World, change: Record<string, unknown> = {}) {
  const input = {
    orderId: world.target.orderId,
    recommendationId: world.target.recommendationId,
    refundClass: 'none',
    amountUsd: '0.00',
    reason: world.mark,
    reasonCode: 'other',
    idempotencyKey: randomBytes(16).toString('hex'),
    ...change,
  };
  return { addressOrderId: input.orderId, ...input };
}

/** A decision as a program sends it. */
export function refund(world: World, change: Record<string, unknown> = {}) {
  return {
    order_id: world.target.orderId,
    recommendation_id: Number(world.target.recommendationId),
    refund_class: 'none',
    amount_usd: 0,
    reason: world.mark,
    ...change,
  };
}

export function postRefund(world: World, body: unknown, headers: Record<string, string> = {}) {
  return ask(world, '/api/refunds', {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: world.system.url, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** A server action by its id, as the browser calls it. */
export function postAction(
  world: World,
  body: BodyInit,
  headers: Record<string, string> = {},
  path = `/refunds/${world.target.orderId}`,
) {
  return ask(world, path, {
    method: 'POST',
    headers: {
      'next-action': world.actionId,
      'content-type': 'text/plain;charset=UTF-8',
      origin: world.system.url,
      ...headers,
    },
    body,
  });
}
