import { expect, test } from 'vitest';
import { parseEnvironment } from '#lib/env.ts';
import { readOidcSettings, redirectUri } from './settings.ts';

const whole = {
  OIDC_ISSUER: 'https://id.example.com/realms/kitchens',
  OIDC_CLIENT_ID: 'refund-manager',
  OIDC_CLIENT_SECRET: 'secret',
  PUBLIC_URL: 'https://refunds.example.com',
};
const read = (change: Record<string, string>) => readOidcSettings(parseEnvironment({ ...whole, ...change }));

test('without any variable there is no provider, with all of them there is one', () => {
  expect(
    readOidcSettings(parseEnvironment({ PUBLIC_URL: whole.PUBLIC_URL, OIDC_NAME: 'Example' })),
  ).toBeUndefined();
  const settings = read({});
  expect(settings).toEqual({
    issuer: whole.OIDC_ISSUER,
    clientId: 'refund-manager',
    clientSecret: 'secret',
    name: 'single sign-on',
    publicUrl: whole.PUBLIC_URL,
  });
  expect(settings && redirectUri(settings)).toBe('https://refunds.example.com/api/auth/callback/oidc');
});

test.each(['http://localhost:9000', 'http://127.0.0.1:9000/x', 'http://[::1]:9000'])(
  '%s is on this machine and does not need https',
  (issuer) => {
    expect(read({ OIDC_ISSUER: issuer })).toMatchObject({ issuer });
  },
);

test.each([
  ['the issuer', { OIDC_ISSUER: '' }, /go together/],
  ['the client', { OIDC_CLIENT_ID: '' }, /go together/],
  ['the secret', { OIDC_CLIENT_SECRET: '' }, /go together/],
  ['PUBLIC_URL', { PUBLIC_URL: '' }, /PUBLIC_URL is not/],
])('without %s the error names what is missing', (_, change, message) => {
  expect(() => read(change)).toThrow(message);
});

test.each([
  ['an http address elsewhere', { OIDC_ISSUER: 'http://id.example.com' }, /must start with https/],
  [
    'an address that only looks local',
    { OIDC_ISSUER: 'http://localhost.example.com' },
    /must start with https/,
  ],
  ['a query', { OIDC_ISSUER: 'https://id.example.com/?x=1' }, /before any \?/],
  ['a text that is not an address', { OIDC_ISSUER: 'id.example.com' }, /OIDC_ISSUER must be an https/],
  ['a trusted proxy', { TRUSTED_PROXY_PEERS: '10.0.0.1' }, /exclude each other/],
])('%s is refused', (_, change, message) => {
  expect(() => read(change)).toThrow(message);
});
