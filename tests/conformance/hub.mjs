// A hub of this working tree on a fresh folder: owned by somebody, with games, a child whose view is
// narrower, and keys.
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { binary, folder, start } from './process.mjs';

const games = ['Lantern Road', 'Salt and Signal', 'The Ninth Orchard', 'Paper Moons'];

/** Asks the hub's graph, and fails on any error. */
export async function ask(hub, query, variables = {}, token = hub.token) {
  const response = await fetch(`${hub.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query, variables }),
  });
  const answer = await response.json();
  if (answer.errors || !answer.data) throw new Error(`${response.status}: ${JSON.stringify(answer)}`);
  return answer.data;
}

/** A key of the owner with these scopes. */
export async function makeKey(hub, name, scopes) {
  const { createApiKey } = await ask(hub, 'mutation($name: String!, $scopes: [Scope!]!) { createApiKey(input: { name: $name, scopes: $scopes }) { secret problems { code message } } }', { name, scopes });
  if (!createApiKey.secret) throw new Error(`no key: ${JSON.stringify(createApiKey.problems)}`);
  return createApiKey.secret;
}

/** Its own pages' origin has the port that was configured. It is below those that the system hands out: nobody else gets it in between. */
async function freePort() {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 15_000);
    const server = createServer().listen(port, '127.0.0.1');
    const free = await once(server, 'listening').then(() => true, () => false);
    if (!free) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}

export async function startHub() {
  const data = folder('hub');
  const operations = folder('operations');
  const process_ = await start(binary, ['serve'], {
    cwd: data.path,
    ready: /(http:\/\/\S+)\/setup\?token=([\w.-]+)/,
    env: {
      DJINN__DATA__DIR: data.path,
      DJINN__SERVER__PORT: String(await freePort()),
      DJINN__SERVER__METRICS: 'off',
      DJINN__LIMITS__ANONYMOUS_DOCUMENTS: 'any',
      // Empty: every door is served by what is built in, until a file comes.
      DJINN__SERVER__OPERATIONS: operations.path,
    },
  });
  const stop = async () => {
    const code = await process_.stop();
    data.remove();
    operations.remove();
    return code;
  };
  try {
    const [, address, token] = process_.match;
    const hub = { url: address.replace('localhost', '127.0.0.1'), token: '', operations: operations.path, said: process_.said, stop };
    const setup = 'mutation($input: CompleteSetupInput!) { completeSetup(input: $input) { tokens { accessToken } problems { code message } } }';
    const owned = await ask(hub, setup, { input: { token, name: 'Ellen', password: 'correct horse battery', device: 'conformance' } });
    hub.token = owned.completeSetup.tokens.accessToken;
    const content = ['title,platform,playtime_minutes,year,genres', ...games.map((title, n) => `${title},Shelf,${n * 30},${2001 + n},Puzzle`)].join('\n');
    await ask(hub, 'mutation($input: ImportInput!) { importGames(input: $input) { added problems { code message } } }', { input: { format: 'CSV', content } });
    // Matching goes on after the import.
    for (const end = Date.now() + 60_000; ; await new Promise((later) => setTimeout(later, 50))) {
      const { games: list } = await ask(hub, '{ games(first: 10) { totalCount nodes { id title } } }');
      hub.games = list.nodes;
      if (list.totalCount === games.length) break;
      if (Date.now() > end) throw new Error(`only ${list.totalCount} games came`);
    }
    hub.library = (await ask(hub, '{ libraries(first: 1) { nodes { id } } }')).libraries.nodes[0].id;
    hub.key = await makeKey(hub, 'everything', ['READ_LIBRARY', 'WRITE_LIBRARY', 'RUN_SYNC', 'READ_PLAY', 'WRITE_PLAY']);
    hub.reader = await makeKey(hub, 'reader', ['READ_LIBRARY', 'READ_PLAY']);
    return hub;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts a file into the folder of operations that the hub follows. */
export function addOperation(hub, path, text) {
  writeFileSync(join(hub.operations, path), text);
}

/** Takes it out again. */
export function removeOperation(hub, path) {
  rmSync(join(hub.operations, path));
}
