import { globSync } from 'node:fs';
import { expect, test } from 'vitest';
import { openApi } from './openapi.ts';

type Document = {
  paths: Record<string, Record<string, { parameters: { name: string }[] }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
};
const document = JSON.parse(JSON.stringify(openApi())) as Document;

test('every route of the API is described, and nothing else', () => {
  const routes = globSync('app/api/**/route.ts')
    .map((file) => `/${file.replace(/^app\//, '').replace(/\/route\.ts$/, '')}`)
    .map((path) => path.replace(/\[(\w+)\]/g, '{$1}'))
    .filter((path) => !/^\/api\/(auth|openapi)/.test(path));
  expect(Object.keys(document.paths).toSorted()).toEqual(expect.arrayContaining(routes.toSorted()));
  expect(Object.keys(document.paths)).toHaveLength(routes.length);
});

test('it speaks the names and types of the wire', () => {
  const { properties = {} } = document.components.schemas.Decision ?? {};
  expect(properties.amount_usd).toMatchObject({ type: 'number' });
  expect(properties.id).toMatchObject({ type: 'integer' });
  expect(document.components.schemas.Summary?.properties).toHaveProperty('suggestions_by_class');
  const parameters = document.paths['/api/recommendations']?.get?.parameters.map(({ name }) => name);
  expect(parameters).toEqual(expect.arrayContaining(['limit', 'offset', 'include_zero', 'sort', 'search']));
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/(\w+)/g)].map(
    ([, name]) => name,
  );
  expect(references.length).toBeGreaterThan(10);
  for (const name of references) expect(Object.keys(document.components.schemas)).toContain(name);
});
