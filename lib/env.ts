import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';
import { OperatorError } from '#lib/errors.ts';

const unlessEmpty = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => (value === '' ? undefined : value), schema);
const optional = (schema: z.ZodType<string>) => unlessEmpty(schema.optional());

const envSchema = z.object({
  DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://'),
  ),
  DIRECT_DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://'),
  ),
  DATABASE_PASSWORD_COMMAND: optional(z.string().min(1)),
  DATABASE_PASSWORD_FILE: optional(z.string().min(1)),
  PGHOST: optional(z.string().min(1)),
  PGPORT: optional(z.string().regex(/^\d{1,5}$/, 'must be a port number')),
  PGDATABASE: optional(z.string().min(1)),
  PGUSER: optional(z.string().min(1)),
  PGPASSWORD: optional(z.string().min(1)),
  PGSSLMODE: optional(z.string().min(1)),
  LAKEHOUSE_DATABASE_URL: optional(
    z.string().regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://'),
  ),
  ADDRESS_HASH_KEY: optional(z.string().min(32, 'must have at least 32 characters')),
  DATA_DIR: z.string().min(1).default('.data'),
  VOLUME_ROOT: optional(z.string().min(1)),
  CATALOG: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,62}$/, 'must be lower-case letters, digits and _, starting with a letter')
    .default('caspers'),
  PORT: z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number('must be a port number').int().min(1).max(65535).optional(),
  ),
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })),
  AUTH_SECRET: optional(z.string().min(32, 'must have at least 32 characters')),
  OPENAI_BASE_URL: optional(z.url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })),
  OPENAI_API_KEY: optional(z.string().min(1)),
  OPENAI_MODEL: optional(z.string().min(1).max(200)),
  AGENT_TIMEOUT_SECONDS: unlessEmpty(z.coerce.number('must be seconds').min(1).max(300).optional()),
  AGENT_CONCURRENCY: unlessEmpty(z.coerce.number('must be a count').int().min(1).max(64).optional()),
  AGENT_MODE: unlessEmpty(z.enum(['facts', 'tools'], 'must be facts or tools').default('facts')),
  AGENT_CALLS_PER_HOUR: unlessEmpty(
    z.coerce.number('must be a number').int().min(0).max(1_000_000).default(500),
  ),
  AGENT_STOP_AFTER: unlessEmpty(z.coerce.number('must be a count').int().min(1).max(1_000).default(5)),
  AGENT_OUTAGE_MINUTES: unlessEmpty(z.coerce.number('must be minutes').min(1).max(10_080).default(60)),
  TRUSTED_PROXY_PEERS: optional(z.string().min(1)),
  TRUSTED_PROXY_SECRET: optional(z.string().min(32, 'must have at least 32 characters')),
  OIDC_ISSUER: optional(z.url({ protocol: /^https?$/, error: 'must be an https:// address' })),
  OIDC_CLIENT_ID: optional(z.string().min(1).max(300)),
  OIDC_CLIENT_SECRET: optional(z.string().min(1).max(1000)),
  OIDC_NAME: unlessEmpty(z.string().min(1).max(40).default('single sign-on')),
  REVIEW_WITHIN_HOURS: unlessEmpty(z.coerce.number('must be hours').int().min(1).max(8760).default(24)),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  CHROMIUM_PATH: optional(z.string().min(1)),
  FAILPOINTS: optional(z.string().min(1)),
});

export type Env = z.infer<typeof envSchema>;
export const envNames = Object.keys(envSchema.shape);

/**
 * Validates a set of environment variables.
 * @throws OperatorError that names every invalid variable.
 */
export function parseEnvironment(source: Record<string, string | undefined>): Env {
  const parsed = envSchema.safeParse(source);
  if (parsed.success) return assertDirectUrl(withDatabaseUrl(parsed.data));
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
  throw new OperatorError(
    `The environment is invalid: ${problems.join('; ')}. Correct it in .env or in the shell and start again.`,
  );
}

/** Where DATABASE_URL is unset, the usual variables of Postgres make it: at least PGHOST and PGDATABASE. */
function withDatabaseUrl(env: Env): Env {
  const { DATABASE_URL, PGHOST, PGDATABASE, PGUSER, PGPORT, PGSSLMODE } = env;
  if (DATABASE_URL || !PGHOST || !PGDATABASE) return env;
  const isSocket = PGHOST.startsWith('/');
  const url = new URL(`postgres://${isSocket ? 'localhost' : PGHOST}/${encodeURIComponent(PGDATABASE)}`);
  if (PGUSER) url.username = encodeURIComponent(PGUSER);
  if (PGPORT) url.port = PGPORT;
  if (isSocket) url.searchParams.set('host', PGHOST);
  // Without a mode, a connection is not encrypted; `allow` and `prefer` ask for no more than that.
  if (PGSSLMODE && !['allow', 'prefer'].includes(PGSSLMODE)) url.searchParams.set('sslmode', PGSSLMODE);
  return { ...env, DATABASE_URL: url.href };
}

/** @throws OperatorError where only the address for sessions is named. */
function assertDirectUrl(env: Env): Env {
  if (!env.DIRECT_DATABASE_URL || env.DATABASE_URL) return env;
  throw new OperatorError(
    'DIRECT_DATABASE_URL is set without DATABASE_URL. Set DATABASE_URL too: to the pooler or to the same address.',
  );
}

/**
 * Reads a `.env` file; a missing file counts as empty.
 * @throws OperatorError that names the first line that is not `NAME=value`.
 */
export function readEnvFile(path: string): Record<string, string | undefined> {
  if (!existsSync(path)) return {};
  const text = readFileSync(path, 'utf8');
  const lines = text.split(/\r?\n/);
  const broken = lines.findIndex((line) => !/^\s*(#.*|(export\s+)?[A-Za-z_]\w*\s*=.*)?$/.test(line));
  if (broken >= 0)
    throw new OperatorError(
      `${path} line ${broken + 1} is not NAME=value. Correct that line and start again.`,
    );
  return parseEnv(text);
}

/** The validated environment: the variables of the process take precedence over those of `.env`. */
export function loadEnv(): Env {
  return parseEnvironment({ ...readEnvFile('.env'), ...process.env });
}

/** The environment for a child process: the variables of this process and some of its own. */
export function childEnvironment(own: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...own };
}

/** The model of the agent, and its endpoint. */
export type ModelEndpoint = {
  baseUrl: string;
  apiKey: string | undefined;
  model: string;
  timeoutMs: number;
  /** The number of concurrent requests. */
  concurrency: number;
  /** Whether the facts are in the prompt, or the model may look further first. */
  mode: 'facts' | 'tools';
};

/**
 * The endpoint in the environment; undefined where OPENAI_MODEL is not set, so that a key that happens to be set in a
 * shell sends no data anywhere. @throws OperatorError where a model is named without an endpoint or a key.
 */
export function modelEndpoint(env: Env): ModelEndpoint | undefined {
  const { OPENAI_MODEL: model, OPENAI_BASE_URL: baseUrl, OPENAI_API_KEY: apiKey } = env;
  if (!model) return undefined;
  if (!baseUrl && !apiKey)
    throw new OperatorError(
      'OPENAI_MODEL is set, but neither OPENAI_BASE_URL nor OPENAI_API_KEY. Set one of them, or unset OPENAI_MODEL and the policy alone recommends.',
    );
  const url = baseUrl ?? 'https://api.openai.com/v1';
  const { timeoutSeconds, concurrency } = isLoopback(url) ? ownMachine : elsewhere;
  return {
    baseUrl: url,
    apiKey,
    model,
    timeoutMs: (env.AGENT_TIMEOUT_SECONDS ?? timeoutSeconds) * 1000,
    concurrency: env.AGENT_CONCURRENCY ?? concurrency,
    mode: env.AGENT_MODE,
  };
}

/** A server on this machine mostly has one slot and no graphics card: several requests at once only wait for each other. */
const ownMachine = { timeoutSeconds: 120, concurrency: 1 };
const elsewhere = { timeoutSeconds: 30, concurrency: 4 };

function isLoopback(url: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(url).hostname);
}

/** The directory of the event files: `${VOLUME_ROOT}/${CATALOG}/simulator/events`. */
export function volumeDirectory(env: Env): string {
  return `${env.VOLUME_ROOT ?? `${env.DATA_DIR}/Volumes`}/${env.CATALOG}/simulator/events`;
}
