import { defineConfig } from 'vitest/config';

/** Two projects: `unit` is pure, `db` gets a Postgres server and one database per test file. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{app,lib,db,scripts,verification}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.db.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'db',
          include: ['{app,lib,db,scripts,verification}/**/*.db.test.ts'],
          globalSetup: 'db/test-server/global-setup.ts',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
