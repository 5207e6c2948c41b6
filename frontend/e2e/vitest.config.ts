import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: { root: new URL('.', import.meta.url).pathname, include: ['*.e2e.ts'], globalSetup: ['./hub.ts'], testTimeout: 150_000, hookTimeout: 60_000, fileParallelism: false, bail: process.env.CI ? 0 : 1, expect: { poll: { timeout: 15_000 } } },
});
