import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { expect, test } from 'vitest';
import { answerApi, describeApi, listRoutes } from './api.ts';
import { isGuard } from './define-route.ts';

type Parameter = { name: string; in: string; schema: Record<string, unknown> };
type Document = {
  paths: Record<string, Record<string, { parameters: Parameter[] }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
};
const document = JSON.parse(JSON.stringify(describeApi())) as Document;

test('the first handler of every route is its guard', () => {
  const first = new Map(
    listRoutes()
      .toReversed()
      .map(({ method, path, handler }) => [`${method} ${path}`, handler]),
  );
  expect(first.size).toBe(13);
  expect([...first].filter(([, handler]) => !isGuard(handler))).toEqual([]);
});

test('a handler without a guard in front has no context: it does not compile', () => {
  const route = createRoute({ method: 'get', path: '/x', responses: { 200: { description: 'Done' } } });
  // @ts-expect-error the context, and with it the database, comes from the guard
  expect(new OpenAPIHono().openapi(route, (c) => c.json(c.get('context').db, 200))).toBeDefined();
});

test('the description has every route but itself, in the names and types of the wire', () => {
  const routes = new Set(listRoutes().map(({ path }) => path.replace(/:(\w+)/g, '{$1}')));
  routes.delete('/api/openapi');
  expect(Object.keys(document.paths).toSorted()).toEqual([...routes].toSorted());
  const { properties = {} } = document.components.schemas.Decision ?? {};
  expect(properties.amount_usd).toMatchObject({ type: 'number' });
  expect(properties.id).toMatchObject({ type: 'integer' });
  expect(document.components.schemas.Summary?.properties).toHaveProperty('suggestions_by_class');
  const parameters = document.paths['/api/recommendations']?.get?.parameters ?? [];
  const names = parameters.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['limit', 'offset', 'include_zero', 'sort', 'search']));
  expect(parameters.find(({ name }) => name === 'limit')?.schema).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 200,
    default: 50,
  });
});

test('every reference of the description leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)];
  expect(references.length).toBeGreaterThan(10);
  for (const [, name] of references) expect(Object.keys(document.components.schemas)).toContain(name);
});

test.each([
  ['GET', '/api', 404, null],
  ['GET', '/api/nothing', 404, null],
  ['GET', '/api/summary/', 404, null],
  ['GET', '/api/orders/a/b/events', 404, null],
  ['POST', '/api/summary', 405, 'GET, HEAD, OPTIONS'],
  ['DELETE', '/api/refunds', 405, 'GET, HEAD, OPTIONS, POST'],
  ['OPTIONS', '/api/orders/a/events', 204, 'GET, HEAD, OPTIONS'],
])('%s %s is answered with %i', async (method, path, status, allow) => {
  const answer = await answerApi(new Request(`http://console.invalid${path}`, { method }));
  expect([answer.status, answer.headers.get('allow')]).toEqual([status, allow]);
  if (status === 204) return;
  expect(answer.headers.get('cache-control')).toBe('private, no-store');
  expect(await answer.json()).toMatchObject({ request_id: answer.headers.get('x-request-id') });
});
