import { defineConfig } from 'vitest/config';

// Real nodes and databases: a slow machine may need long, a stuck test still ends.
const UNIT_TIMEOUT_MS = 60_000;
const INTEGRATION_TIMEOUT_MS = 300_000;
/** Whole payrolls on a chain with a block a second, and processes that are killed meanwhile. */
const E2E_TIMEOUT_MS = 600_000;
/** How long `expect.poll` waits for a condition: only a failing test ever waits so long. */
const POLL_TIMEOUT_MS = 60_000;
/** On two cores: tests with a chain wait about half of their time for its blocks. */
const MAX_WORKERS = 3;

const SIMULATION = 'test/e2e/simulation.test.ts';
const NOT_OURS = ['**/node_modules/**', '.data/**', '.cache/**', 'contracts/out/**'];

export default defineConfig({
  // The same copy of each package as plain Node loads: with vite's own conditions `graphql` is there twice.
  ssr: { resolve: { conditions: ['module', 'node'] } },
  test: {
    pool: 'forks',
    maxWorkers: MAX_WORKERS,
    retry: 0,
    setupFiles: ['test/kit/fastCheckSeed.ts'],
    expect: { poll: { timeout: POLL_TIMEOUT_MS } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: [...NOT_OURS, 'test/integration/**', 'test/e2e/**'],
          // Files share a process, one after another, and load their modules once: none leaves anything behind.
          isolate: false,
          testTimeout: UNIT_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          globalSetup: ['test/kit/globalSetup.ts'],
          testTimeout: INTEGRATION_TIMEOUT_MS,
          hookTimeout: INTEGRATION_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...NOT_OURS, SIMULATION],
          globalSetup: ['test/e2e/globalSetup.ts'],
          testTimeout: E2E_TIMEOUT_MS,
          hookTimeout: E2E_TIMEOUT_MS,
        },
      },
      {
        extends: true,
        test: {
          name: 'simulation',
          include: [SIMULATION],
          globalSetup: ['test/e2e/globalSetup.ts'],
          // It keeps all cores busy by itself: after the others.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
