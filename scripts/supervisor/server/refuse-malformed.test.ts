import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refuseMalformed } from './refuse-malformed.ts';

let server: Server;
beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    if (!refuseMalformed(incoming, outgoing)) outgoing.writeHead(299).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ port, method, path, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve([response.statusCode, response.headers.allow]));
    })
      .on('error', reject)
      .end(method === 'POST' ? 'x' : undefined);
  });

const form = { 'content-type': 'multipart/form-data; boundary=x' };
test.each([
  ['GET', '/refunds/%ZZ', {}, 400],
  ['GET', '/refunds/%ED%A0%BD', {}, 400],
  ['POST', '/refunds', { 'next-action': 'abc', origin: 'https://a.example, https://b.example' }, 400],
  ['POST', '/refunds', form, 405],
  ['PUT', '/refunds', {}, 405],
  ['DELETE', '/', {}, 405],
  ['GET', '/refunds/A%2FB?search=100%', {}, 299],
  ['HEAD', '/refunds', {}, 299],
  ['POST', '/refunds', { 'next-action': 'abc', origin: 'null' }, 299],
  ['POST', '/api/auth/sign-in/email', { origin: 'http://127.0.0.1:3000' }, 299],
])('%s %s with %j is answered with %i; 299 is Next', async (method, path, headers, status) => {
  expect(await ask(method, path, headers)).toEqual([status, status === 405 ? 'GET, HEAD' : undefined]);
});
