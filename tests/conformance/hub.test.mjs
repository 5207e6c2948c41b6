// The hub's own /mcp, as clients of other makers see it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { addOperation, ask, makeKey, removeOperation, startHub } from './hub.mjs';
import { binary, node, run } from './process.mjs';
import { runSuite } from './suite.mjs';

const launcher = fileURLToPath(new URL('./node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js', import.meta.url));
let hub;

before(async () => {
  hub = await startHub();
});

after(async () => {
  assert.equal(await hub?.stop(), 0);
});

/** The Inspector's command line; its answer as JSON. */
async function inspect(args, { key = hub.key, target = [`${hub.url}/mcp`, '--transport', 'http', '--header', `Authorization: Bearer ${key}`] } = {}) {
  // The catalogue it keeps is of no interest: it must not lie in somebody's home.
  const env = { HOME: hub.operations, MCP_CATALOG_PATH: `${hub.operations}/.catalog.json`, DJINN_API_KEY: key };
  const { code, out, err } = await run(node, [launcher, '--cli', ...target, '--format', 'json', ...args], { env, cwd: hub.operations });
  return { code, err, answer: out.trim() && JSON.parse(out) };
}

const listed = async (options) => {
  const { code, err, answer } = await inspect(['--method', 'tools/list', '--strict'], options);
  assert.equal(code, 0, err);
  return { tools: (answer.result ?? answer).tools, err };
};

/** Arguments for every tool that ships, and the refusal that is right where nothing can be done here. */
const calls = () => ({
  add_platform_library: { arguments: { platform: 'nowhere', fields: [] }, refused: /NOT_FOUND|INVALID|UNKNOWN/ },
  analyze_gaming_patterns: {},
  check_owned: { arguments: { title: 'lantern' } },
  create_smart_collection: { arguments: { name: 'Old ones', rule: { field: 'TITLE', operator: 'CONTAINS', value: { text: 'o' } } } },
  explain_matching: { arguments: { id: hub.games[0].id } },
  export_library_data: {},
  filter_by_content_rating: { arguments: { ratingAtMost: 'TEEN', includeUnrated: true } },
  find_duplicates: {},
  get_cross_platform_games: {},
  get_game_details: { arguments: { id: hub.games[0].id } },
  get_supported_platforms: {},
  leaderboard_top: { arguments: { boardId: 'none' }, refused: /NOT_FOUND|INVALID/ },
  library_stats: {},
  list_collections: {},
  list_leaderboards: {},
  // Nobody is there to ask, and nobody said that they agree.
  merge_games: { arguments: { into: hub.games[0].id, games: [hub.games[1].id] }, refused: new RegExp(`^INVALID_INPUT: /confirm: Merge ${hub.games[1].title} into “${hub.games[0].title}”`) },
  preview_collection: { arguments: { rule: { field: 'TITLE', operator: 'CONTAINS', value: { text: 'o' } } } },
  recommend_games: {},
  search_games: { arguments: { query: 'orchard' } },
  split_game: { arguments: { game: hub.games[0].id, copies: ['none'], confirm: true }, refused: /NOT_FOUND|INVALID/ },
  submit_score: { arguments: { boardId: 'none', score: 1, key: 'k' }, refused: /NOT_FOUND|INVALID/ },
  sync_platform_library: { arguments: { libraryId: hub.library }, refused: /./ },
  sync_status: {},
  update_game_status: { arguments: { gameId: hub.games[0].id, status: 'playing' } },
  what_to_play_tonight: { arguments: { minutes: 90, moods: ['cozy'], company: 'ALONE', ratingAtMost: 'TEEN' } },
  why_missing: { arguments: { title: 'Lantern' } },
  why_in_collection: { arguments: { collectionId: 'none', gameId: hub.games[0].id }, refused: /NOT_FOUND|INVALID/ },
});

test('the Inspector finds every tool, and nothing wrong with its schemas', async () => {
  const { tools, err } = await listed();
  assert.deepEqual(tools.map(({ name }) => name).sort(), Object.keys(calls()).sort());
  assert.doesNotMatch(err, /warning|error/i);
});

test('the Inspector calls every tool', { timeout: 120_000 }, async (t) => {
  for (const [name, { arguments: given = {}, refused }] of Object.entries(calls())) {
    await t.test(name, async () => {
      const { answer, err } = await inspect(['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(given)]);
      const result = answer?.result ?? answer;
      assert.ok(result?.content, err);
      const said = result.content[0].text;
      if (refused) assert.match(said, refused);
      else assert.notEqual(result.isError, true, said);
    });
  }
});

test('over pipes there are the same tools', async () => {
  const { tools } = await listed({ target: [binary, 'mcp', '--url', hub.url, '-e', `DJINN_API_KEY=${hub.key}`] });
  assert.deepEqual(tools.map(({ name }) => name).sort(), Object.keys(calls()).sort());
});

test('over pipes they are called as over HTTP, and refused as there', async () => {
  const target = [binary, 'mcp', '--url', hub.url, '-e', `DJINN_API_KEY=${hub.reader}`];
  const call = async (name, given, options = { target }) => {
    const { answer, err } = await inspect(['--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(given)], options);
    return (answer?.result ?? answer) || assert.fail(err);
  };
  const found = await call('search_games', { query: 'orchard' });
  assert.deepEqual(found.structuredContent.nodes.map(({ title }) => title), ['The Ninth Orchard']);
  // Only texts are made into something else on the way: `first: 'many'` would arrive as null, which is none.
  const wrong = await call('search_games', { first: 1.5, sort: 'SIDEWAYS', frist: 3 });
  const lines = wrong.content[0].text.split('\n');
  for (const told of [/^INVALID_INPUT: \/first: 1\.5 is not /, /^INVALID_INPUT: \/sort: "SIDEWAYS" is not one of /, /^INVALID_INPUT: the arguments: .*'frist'/]) {
    assert.ok(lines.some((line) => told.test(line)), `${told}: ${wrong.content[0].text}`);
  }
  assert.equal(wrong.isError, true);
  assert.deepEqual((await call('search_games', { first: 1.5, sort: 'SIDEWAYS', frist: 3 }, {})).content, wrong.content);
  const { tools } = await listed({ target });
  assert.ok(!tools.some(({ name }) => name === 'merge_games'), 'a key that reads is shown a tool that writes');
});

test('nothing of the fixtures is shipped', async () => {
  for (const [method, list] of [['tools/list', 'tools'], ['resources/list', 'resources'], ['resources/templates/list', 'resourceTemplates'], ['prompts/list', 'prompts']]) {
    const { answer, err } = await inspect(['--method', method]);
    const found = (answer.result ?? answer)[list];
    assert.ok(found.length > 0, err);
    assert.doesNotMatch(JSON.stringify(found), /test_|test:\/\//);
  }
});

test('the hub conforms where the suite asks for no fixture, by the address of a key that reads', { timeout: 60_000 }, async () => {
  const url = `${hub.url.replace('127.0.0.1', 'localhost')}/mcp/${hub.reader}`;
  for (const scenario of ['server-initialize', 'ping', 'tools-list', 'resources-list', 'prompts-list', 'server-sse-multiple-streams', 'dns-rebinding-protection']) {
    const { scenarios, said } = await runSuite({ package: 'conformance-2025-11-25', select: ['--scenario', scenario] }, url);
    assert.equal(scenarios.length, 1, said);
    const failed = scenarios[0].checks.filter(({ status }) => status !== 'SUCCESS' && status !== 'INFO');
    assert.deepEqual(failed, [], scenario);
  }
});

test('a file that is added is a tool within two seconds', async () => {
  const key = await makeKey(hub, 'for a while', ['READ_LIBRARY']);
  const names = async () => (await rpc(key, 'tools/list', {})).result.tools.map(({ name }) => name);
  assert.ok(!(await names()).includes('how_many'));
  addOperation(hub, 'how_many.graphql', '# How many games there are.\nquery HowMany @mcpTool(name: "how_many", scope: "read:library") { games(first: 1) { totalCount } }\n');
  // Asked ten times a second: who asks without a pause is told to wait.
  const until = async (what, good) => {
    // Two seconds is the promise; the rest is for a machine that is busy with other things.
    for (const since = Date.now(); !(await good()); await setTimeout(100)) assert.ok(Date.now() - since < 20_000, `${what}: it took more than twenty seconds`);
  };
  await until('added', async () => (await names()).includes('how_many'));
  const called = await rpc(key, 'tools/call', { name: 'how_many', arguments: {} });
  assert.equal(called.result.structuredContent.totalCount, hub.games.length);

  // Edited, it is another within two seconds; broken, it stays as it was last good, and is reported.
  const described = async () => (await rpc(key, 'tools/list', {})).result.tools.find(({ name }) => name === 'how_many')?.description;
  addOperation(hub, 'how_many.graphql', '# All of them.\nquery HowMany @mcpTool(name: "how_many", scope: "read:library") { games(first: 1) { totalCount } }\n');
  await until('edited', async () => (await described()) === 'All of them.');
  addOperation(hub, 'how_many.graphql', '# Broken.\nquery HowMany @mcpTool(name: "how_many") {\n  gamez { totalCount }\n}\n');
  addOperation(hub, 'other.graphql', '# Another.\nquery Other @mcpTool(name: "other", scope: "read:library") { statuses { id } }\n');
  await until('beside a broken one', async () => (await names()).includes('other'));
  assert.equal(await described(), 'All of them.');
  await until('reported', async () => /how_many\.graphql:3:3: .*gamez/.test(hub.said()));
  removeOperation(hub, 'how_many.graphql');
  await until('removed', async () => !(await names()).includes('how_many'));
  assert.ok((await names()).includes('other'));
  removeOperation(hub, 'other.graphql');
});

test('a key that was revoked opens nothing any more', async () => {
  const key = await makeKey(hub, 'short', ['READ_LIBRARY']);
  assert.ok((await rpc(key, 'tools/list', {})).result);
  const { apiKeys } = await ask(hub, '{ apiKeys(first: 20) { nodes { id name } } }');
  const { id } = apiKeys.nodes.find(({ name }) => name === 'short');
  await ask(hub, 'mutation($id: ID!) { revokeApiKey(id: $id) { problems { code message } } }', { id });
  assert.equal((await rpc(key, 'tools/list', {})).errors[0].extensions.code, 'UNAUTHENTICATED');
});

/** One request of the stateless revision. */
async function rpc(key, method, params) {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'test', version: '0' },
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${key}`,
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(params.name && { 'mcp-name': params.name }),
  };
  const response = await fetch(`${hub.url}/mcp`, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta } }) });
  const text = await response.text();
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return JSON.parse(text);
  const events = text.split('\n').filter((line) => line.startsWith('data:')).map((line) => line.slice(5).trim());
  return JSON.parse(events.filter(Boolean).at(-1));
}
