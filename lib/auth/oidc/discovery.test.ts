import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { discoverOidc } from './discovery.ts';

let server: Server;
let issuer: string;
let answer: { status: number; headers?: Record<string, string>; body: unknown };
beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url !== '/tenant/.well-known/openid-configuration') return response.writeHead(404).end();
    return response.writeHead(answer.status, answer.headers).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tenant`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const genuine = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  id_token_signing_alg_values_supported: ['RS256'],
});

test.each([
  ['no methods', {}, 'client_secret_basic'],
  [
    'both methods',
    { token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'] },
    'client_secret_basic',
  ],
  ['only POST', { token_endpoint_auth_methods_supported: ['client_secret_post'] }, 'client_secret_post'],
])('a provider that lists %s gets the client secret in a way that it accepts', async (_, more, method) => {
  answer = { status: 200, body: { ...genuine(), ...more } };
  expect(await discoverOidc({ issuer })).toEqual({ tokenEndpointAuth: method });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['has another name', { issuer: 'https://id.example.com' }, /calls itself https:\/\/id\.example\.com/],
  ['receives secrets over http', { token_endpoint: 'http://id.example.com/token' }, /token_endpoint.*https/],
  ['sends profiles over http', { userinfo_endpoint: 'http://id.example.com/me' }, /userinfo_endpoint.*https/],
  ['lacks S256', { code_challenge_methods_supported: ['plain'] }, /PKCE/],
  ['lacks public-key signatures', { id_token_signing_alg_values_supported: ['none', 'HS256'] }, /public key/],
  ['has no keys', { jwks_uri: undefined }, /does not describe/],
  [
    'accepts no client secret',
    { token_endpoint_auth_methods_supported: ['private_key_jwt'] },
    /private_key_jwt/,
  ],
])('a provider that %s is refused', async (_, change, message) => {
  answer = { status: 200, body: { ...genuine(), ...change } };
  await expect(discoverOidc({ issuer })).rejects.toThrow(message);
});

test('an error, a redirect and no answer are refused', async () => {
  answer = { status: 500, body: {} };
  await expect(discoverOidc({ issuer })).rejects.toThrow(/answers 500/);
  answer = { status: 302, headers: { location: `${issuer}/x` }, body: {} };
  await expect(discoverOidc({ issuer })).rejects.toThrow(/cannot be read/);
  await expect(discoverOidc({ issuer: `${issuer}/no-such` })).rejects.toThrow(/answers 404/);
  await expect(discoverOidc({ issuer: 'http://127.0.0.1:1' })).rejects.toThrow(/cannot be read/);
});
