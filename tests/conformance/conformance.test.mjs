// The official suite against the production binary: tools, resources and prompts that are nothing but
// the .graphql files of fixtures/operations, over a graph that knows nothing of MCP.
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startGraph } from './graph.mjs';
import { binary, folder, start } from './process.mjs';
import { runSuite, suites } from './suite.mjs';

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
/** Scenarios that cannot pass, each with why. One that passes all the same fails the test. */
const excused = JSON.parse(readFileSync(new URL('./expected-failures.json', import.meta.url), 'utf8'));

let operations;
let graph;
let server;

before(async () => {
  operations = folder('fixtures');
  cpSync(`${fixtures}/operations`, operations.path, { recursive: true });
  graph = await startGraph(operations.path);
  const args = ['mcp', '--schema', `${fixtures}/api.graphql`, '--operations', operations.path, '--url', graph.url, '--listen', '127.0.0.1:0'];
  server = await start(binary, args, { ready: /http:\/\/127\.0\.0\.1:(\d+)\/mcp/, cwd: operations.path });
});

after(async () => {
  const code = await server?.stop();
  graph?.stop();
  operations?.remove();
  assert.equal(code, 0, server?.said());
});

for (const suite of suites) {
  test(`the official suite of ${suite.revision}`, { timeout: 170_000 }, async (t) => {
    const excuses = excused[suite.revision] ?? {};
    const { scenarios, said } = await runSuite(suite, `http://localhost:${server.match[1]}/mcp`);
    assert.equal(scenarios.length, suite.scored, `not every scenario was run:\n${said}`);
    let passed = 0;
    for (const { name, checks } of scenarios) {
      await t.test(name, () => {
        assert.ok(checks.length > 0, 'nothing was checked');
        const failed = checks.filter(({ status }) => status !== 'SUCCESS' && status !== 'INFO');
        if (name in excuses) {
          assert.ok(failed.length > 0, `it passes: take it out of expected-failures.json (${excuses[name]})`);
          return;
        }
        assert.deepEqual(failed.map(({ status, id, errorMessage }) => `${status} ${id}: ${errorMessage}`), []);
        passed += 1;
      });
    }
    for (const name of Object.keys(excuses)) assert.ok(scenarios.some((scenario) => scenario.name === name), `there is no scenario ${name}`);
    console.log(`conformance ${suite.revision}: ${passed} of ${suite.scored} scenarios, ${scenarios.flatMap(({ checks }) => checks).length} checks`);
    assert.equal(passed + Object.keys(excuses).length, suite.scored);
  });
}
