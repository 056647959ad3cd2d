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

const honest = () => ({
  issuer,
  authorization_endpoint: `${issuer}/auth`,
  token_endpoint: `${issuer}/token`,
  jwks_uri: `${issuer}/keys`,
  id_token_signing_alg_values_supported: ['RS256'],
});

test.each([
  ['nothing of it', {}, 'client_secret_basic'],
  [
    'both ways',
    { token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'] },
    'client_secret_basic',
  ],
  ['one way', { token_endpoint_auth_methods_supported: ['client_secret_post'] }, 'client_secret_post'],
])('a provider that says %s of secrets is sent one as it takes it', async (_, more, method) => {
  answer = { status: 200, body: { ...honest(), ...more } };
  expect(await discoverOidc({ issuer })).toEqual({ tokenEndpointAuth: method });
});

test.each<[string, Record<string, unknown>, RegExp]>([
  ['calls itself otherwise', { issuer: 'https://id.example.com' }, /calls itself https:\/\/id\.example\.com/],
  ['sends secrets in the clear', { token_endpoint: 'http://id.example.com/token' }, /token_endpoint.*https/],
  [
    'asks for people in the clear',
    { userinfo_endpoint: 'http://id.example.com/me' },
    /userinfo_endpoint.*https/,
  ],
  ['knows no S256', { code_challenge_methods_supported: ['plain'] }, /PKCE/],
  ['signs nothing', { id_token_signing_alg_values_supported: ['none', 'HS256'] }, /public key/],
  ['has no keys', { jwks_uri: undefined }, /does not describe/],
  ['takes no secret', { token_endpoint_auth_methods_supported: ['private_key_jwt'] }, /private_key_jwt/],
])('a provider that %s is refused', async (_, change, message) => {
  answer = { status: 200, body: { ...honest(), ...change } };
  await expect(discoverOidc({ issuer })).rejects.toThrow(message);
});

test('an answer that is none, or leads elsewhere, is refused', async () => {
  answer = { status: 500, body: {} };
  await expect(discoverOidc({ issuer })).rejects.toThrow(/answers 500/);
  answer = { status: 302, headers: { location: `${issuer}/x` }, body: {} };
  await expect(discoverOidc({ issuer })).rejects.toThrow(/cannot be read/);
  await expect(discoverOidc({ issuer: `${issuer}/no-such` })).rejects.toThrow(/answers 404/);
  await expect(discoverOidc({ issuer: 'http://127.0.0.1:1' })).rejects.toThrow(/cannot be read/);
});
