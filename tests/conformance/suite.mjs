// One run of the official suite: the checks of each scenario, by the files it writes.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folder, node, run } from './process.mjs';

/** Both versions of the suite, how each is asked for its revision, and how many scenarios it scores. */
export const suites = [
  { revision: '2025-11-25', package: 'conformance-2025-11-25', select: ['--suite', 'active'], scored: 30 },
  { revision: '2026-07-28', package: 'conformance-2026-07-28', select: ['--requirements', '2026-07-28'], scored: 37 },
];

// What the second suite runs and reports, but never scores.
const unscored = /^(tasks|sep-2640-skills|json-schema-2020-12|server-sse-polling|http-header-validation|http-custom-header)/;

/** The scenarios with their checks: `{ name, checks: [{ id, status, errorMessage }] }`. */
export async function runSuite(suite, url) {
  const results = folder('conformance');
  try {
    const main = fileURLToPath(new URL(`./node_modules/${suite.package}/dist/index.js`, import.meta.url));
    const { out, err } = await run(node, [main, 'server', '--url', url, ...suite.select, '--output-dir', results.path], { timeout: 150_000, cwd: results.path });
    const scenarios = [];
    for (const name of readdirSync(results.path).sort()) {
      const checks = JSON.parse(readFileSync(join(results.path, name, 'checks.json'), 'utf8'));
      // Each is kept in a folder named after it and the time it ran.
      const scenario = name.replace(/^server-(?=.+-20\d\d-)/, '').replace(/-20\d\d-\d\d-\d\dT.*$/, '');
      if (!unscored.test(scenario)) scenarios.push({ name: scenario, checks });
    }
    return { scenarios, said: `${out}\n${err}` };
  } finally {
    results.remove();
  }
}
