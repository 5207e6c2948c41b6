import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    include: ['*.test.ts'],
    globalSetup: ['./setup.ts'],
    // For a machine that is busy with other things: only what fails takes so long.
    testTimeout: 60_000,
    hookTimeout: 150_000,
    // The files wait more than they compute, and share one hub. What counts the hub's sockets, or
    // stops it, starts its own (lifetime.test.ts).
    maxWorkers: 3,
    // Where it counts, what fails may try once more and is told by name: `.ci/run` looks for those.
    retry: process.env.CI ? 1 : 0,
    reporters: [process.env.CI ? 'verbose' : 'default'],
    // A test that is left out, or marked as the only one, is not a pass.
    allowOnly: false,
    passWithNoTests: false,
  },
});
