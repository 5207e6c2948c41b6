import { defineConfig } from 'vitest/config';

// Where it counts, what fails may try once more and is told by name: `.ci/run` looks for those.
export default defineConfig({
  test: { root: new URL('.', import.meta.url).pathname, include: ['*.e2e.ts'], globalSetup: ['./hub.ts'], testTimeout: 150_000, hookTimeout: 60_000, fileParallelism: false, bail: process.env.CI ? 0 : 1, retry: process.env.CI ? 1 : 0, reporters: [process.env.CI ? 'verbose' : 'default'], expect: { poll: { timeout: 15_000 } } },
});
