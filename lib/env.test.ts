import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { envNames, modelEndpoint, parseEnvironment, readEnvFile, volumeDirectory } from '#lib/env.ts';
import { OperatorError } from '#lib/errors.ts';
import { temporaryDirectory } from '#lib/temporary.testing.ts';

describe('parseEnvironment', () => {
  test('accepts an empty environment', () => {
    expect(parseEnvironment({})).toEqual({
      DATA_DIR: '.data',
      CATALOG: 'caspers',
      AGENT_MODE: 'facts',
      AGENT_CALLS_PER_HOUR: 500,
      AGENT_OUTAGE_MINUTES: 60,
      AGENT_STOP_AFTER: 5,
      REVIEW_WITHIN_HOURS: 24,
      OIDC_NAME: 'single sign-on',
      LOG_LEVEL: 'info',
    });
  });

  test('treats an empty variable as unset', () => {
    const env = parseEnvironment({ DATABASE_URL: '', PORT: '', AUTH_SECRET: '', VOLUME_ROOT: '' });
    expect(env).toMatchObject({ DATABASE_URL: undefined, PORT: undefined, VOLUME_ROOT: undefined });
  });

  test('names every invalid variable in one sentence', () => {
    const broken = { DATABASE_URL: 'mysql://x', PORT: '99999', CATALOG: 'Has Space', AUTH_SECRET: 'short' };
    expect(() => parseEnvironment(broken)).toThrow(OperatorError);
    for (const name of Object.keys(broken)) expect(() => parseEnvironment(broken)).toThrow(name);
  });

  test('does not repeat secrets in the error', () => {
    expect(() => parseEnvironment({ AUTH_SECRET: 'hunter2' })).toThrow(/^(?!.*hunter2)/);
  });
});

describe('readEnvFile', () => {
  async function envFile(text: string): Promise<string> {
    const path = join(await temporaryDirectory(), '.env');
    writeFileSync(path, text);
    return path;
  }

  test('a missing file counts as empty', () => {
    expect(readEnvFile('/nowhere/.env')).toEqual({});
  });

  test('reads names, quoted values, comments, export and CRLF', async () => {
    const path = await envFile('# who\r\nPORT=3001\r\n\r\nexport CATALOG="caspers"\r\nEMPTY=\r\n');
    expect(readEnvFile(path)).toEqual({ PORT: '3001', CATALOG: 'caspers', EMPTY: '' });
  });

  test('names the invalid line', async () => {
    const path = await envFile('PORT=3001\nthis is no assignment\n');
    expect(() => readEnvFile(path)).toThrow(`${path} line 2 is not NAME=value.`);
  });
});

test('.env.example names exactly the variables of the schema', () => {
  const text = readFileSync(new URL('../.env.example', import.meta.url), 'utf8');
  const named = text.split('\n').flatMap((line) => /^([A-Z_]+)=/.exec(line)?.[1] ?? []);
  expect(named.toSorted()).toEqual(envNames.toSorted());
  expect(new Set(named).size).toBe(named.length);
});

test('.env.example changes no default', () => {
  const example = readEnvFile(new URL('../.env.example', import.meta.url).pathname);
  const set = Object.entries(parseEnvironment(example)).filter(([, value]) => value !== undefined);
  expect(Object.fromEntries(set)).toEqual(parseEnvironment({}));
});

test('the volume is in the catalog, below its root or the data directory', () => {
  expect(volumeDirectory(parseEnvironment({}))).toBe('.data/Volumes/caspers/simulator/events');
  const own = parseEnvironment({ VOLUME_ROOT: '/Volumes', CATALOG: 'other' });
  expect(volumeDirectory(own)).toBe('/Volumes/other/simulator/events');
});

test('a model is used only if one is named, at the endpoint or with the key given with it', () => {
  const endpointOf = (source: Record<string, string>) => modelEndpoint(parseEnvironment(source));
  expect(endpointOf({ OPENAI_API_KEY: 'k' })).toBeUndefined();
  expect(endpointOf({ OPENAI_MODEL: 'm', OPENAI_API_KEY: 'k' })).toEqual({
    baseUrl: 'https://api.openai.com/v1',
    apiKey: 'k',
    model: 'm',
    timeoutMs: 30_000,
    concurrency: 4,
    mode: 'facts',
  });
  const own = { OPENAI_MODEL: 'm', OPENAI_BASE_URL: 'http://127.0.0.1:1/v1', AGENT_TIMEOUT_SECONDS: '5' };
  expect(endpointOf(own)).toMatchObject({
    baseUrl: 'http://127.0.0.1:1/v1',
    timeoutMs: 5_000,
    concurrency: 1,
  });
  for (const host of ['localhost', '127.1.2.3', '[::1]', 'llm.localhost'])
    expect(endpointOf({ OPENAI_MODEL: 'm', OPENAI_BASE_URL: `http://${host}:1/v1` })).toMatchObject({
      timeoutMs: 120_000,
      concurrency: 1,
    });
  expect(endpointOf({ ...own, AGENT_CONCURRENCY: '3' })?.concurrency).toBe(3);
  expect(() => endpointOf({ OPENAI_MODEL: 'm' })).toThrow(OperatorError);
});

test('without DATABASE_URL, the usual variables of Postgres name the database; PGHOST alone does not', () => {
  const urlOf = (source: Record<string, string>) => parseEnvironment(source).DATABASE_URL;
  const named = { PGHOST: 'db.example.com', PGDATABASE: 'refunds', PGUSER: 'a@b', PGPORT: '6432' };
  expect(urlOf({ ...named, PGSSLMODE: 'require' })).toBe(
    'postgres://a%40b@db.example.com:6432/refunds?sslmode=require',
  );
  expect(urlOf({ ...named, DATABASE_URL: 'postgres://x/y' })).toBe('postgres://x/y');
  expect(urlOf({ PGHOST: 'db.example.com' })).toBeUndefined();
});
