import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Only a test that hangs meets these limits, however slow or busy the machine is: a test is bounded by what it does. */
const limits = {
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 120_000 } },
};

/**
 * Two projects: `unit` is pure, so its files share the modules that a worker has loaded, which saves a quarter of their
 * time; `db` gets a Postgres server and one database per test file.
 */
export default defineConfig({
  test: {
    // Tests wait for processes and the database for about half of their time, so even two processors take two workers.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,lib,db,scripts,verification}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts'],
          isolate: false,
          // It adds a method to the schemas that are made after it, so it is loaded before every one of them.
          setupFiles: ['@hono/zod-openapi'],
          ...limits,
        },
      },
      {
        test: {
          name: 'db',
          include: ['{app,lib,db,scripts,verification}/**/*.db.test.ts'],
          globalSetup: 'db/test-server/global-setup.ts',
          ...limits,
        },
      },
    ],
  },
});
