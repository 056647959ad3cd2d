import { expect, test } from 'vitest';
import { connect } from '#db/client.ts';
import { reverseSchema } from '#lib/contract/decision.ts';
import { BusyError, OperatorError, UnauthenticatedError, ValidationError } from '#lib/errors.ts';
import { silentLog } from '#lib/log.ts';
import { browserRequest, testRuntime } from '../console.testing.ts';
import { describeFailure } from './failures.ts';
import { runRoute } from './guarded-route.ts';
import { parseInput } from './read-input.ts';

test('a message for operators is not shown to people', () => {
  const { status, error } = describeFailure(new OperatorError('DATABASE_URL is wrong'), 'id-1', silentLog);
  expect(status).toBe(500);
  expect(error).toEqual({ code: 'internal', requestId: 'id-1', message: expect.stringContaining('id-1') });
  expect(error.message).not.toContain('DATABASE_URL');
});

test('a message for people is shown', () => {
  const { status, error } = describeFailure(new UnauthenticatedError(), 'id-2', silentLog);
  expect([status, error.code, error.message]).toEqual([401, 'unauthenticated', 'Sign in to continue.']);
});

test.each([
  [new ValidationError('limit', 'Too small'), 'info'],
  [new UnauthenticatedError(), 'info'],
  [new BusyError('Try again'), 'warn'],
  [new Error('broken'), 'error'],
])('%s is logged as %s', (error, level) => {
  const levels: string[] = [];
  const note = (at: string) => () => void levels.push(at);
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  describeFailure(error, 'id-3', log);
  expect(levels).toEqual([level]);
});

test('half a character in the input of an action is refused with its field', () => {
  const input = { orderId: 'A1', decisionId: '1', idempotencyKey: 'key-of-a-test', reason: 'late \ud83d' };
  expect(() => parseInput(reverseSchema, input)).toThrow(expect.objectContaining({ field: 'reason' }));
  expect(parseInput(reverseSchema, { ...input, reason: 'late 😀' })).toMatchObject({ reason: 'late 😀' });
});

test('without a database the answer is 503, not 401', async () => {
  const db = connect({ url: 'postgres://user@127.0.0.1:1/none', applicationName: 'caspers test' });
  const runtime = testRuntime(db);
  const { secret } = await runtime.passwordServer.$context;
  const cookie = `caspers.session_token=${await sign('a'.repeat(32), secret)}`;
  const request = browserRequest('/api/x', { headers: { cookie } });
  const response = await runRoute(runtime, 'viewer', async () => Response.json({}), request);
  expect(response.status).toBe(503);
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({
    error: 'busy',
    message: expect.stringContaining('not available'),
  });
  await db.close();
});

async function sign(token: string, secret: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
  ]);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(token));
  return encodeURIComponent(`${token}.${Buffer.from(mac).toString('base64')}`);
}
