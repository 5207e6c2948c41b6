// What docs/home-automation.md promises, asked as the programs ask it.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ask, own, startHub, type Hub } from './start';

const deploy = (file: string): string => readFileSync(new URL(`../../deploy/${file}`, import.meta.url), 'utf8');
const files = { package: deploy('home-assistant/game_djinn.yaml'), homepage: deploy('homepage/services.yaml'), glance: deploy('glance/game-djinn.yml'), nodeRed: deploy('node-red/flow.json') };
const csv = 'title,platform,playtime_minutes,last_played,status\nAmber Road,Shelf,620,2026-01-02T03:04:05Z,playing\nPaper Tigers,Shelf,0,,unplayed';

let hub: Hub;
let reader: string;
let writer: string;
beforeAll(async () => {
  hub = await startHub();
  const owner = await own(hub, 'Ellen', 'correct horse battery');
  await ask(hub.url, owner, 'mutation($input: ImportInput!) { importGames(input: $input) { added } }', { input: { format: 'CSV', content: csv } });
  const key = async (scopes: string[]) => {
    const made = await ask(hub.url, owner, 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }', { input: { name: scopes.join(' '), scopes } });
    return (made.createApiKey as { secret: string }).secret;
  };
  reader = await key(['READ_LIBRARY']);
  writer = await key(['READ_LIBRARY', 'WRITE_LIBRARY', 'RUN_SYNC']);
  // Imported games are there once they have been matched, a moment later.
  for (const path of ['/q/now-playing', '/q/tonight']) {
    await vi.waitFor(async () => expect(((await (await get(path)).json()) as { items: unknown[] }).items.length).toBeGreaterThan(0), { timeout: 40_000, interval: 200 });
  }
});
afterAll(() => hub?.stop());

/** As Home Assistant does: any type, no condition. */
const get = (path: string, key = reader): Promise<Response> => fetch(hub.url + path, { headers: { accept: '*/*', authorization: `Bearer ${key}` } });
const paths = (text: string): string[] => [...new Set([...text.matchAll(/http:\/\/game-djinn\.local:8000(\/(?:q|health)[^\s"',{}]*)/g)].map(([, path]) => path as string))];

describe('the files under deploy', () => {
  it.each(Object.keys(files) as (keyof typeof files)[])('%s asks only what a read-only key is answered, whatever type it accepts', async (name) => {
    const asked = paths(files[name]);
    expect(asked.length).toBeGreaterThan(0);
    for (const path of asked) {
      const response = await get(path);
      expect(response.status, path).toBe(200);
      if (!path.startsWith('/q/')) continue;
      expect(response.headers.get('content-type'), path).toContain('application/json');
      expect(response.headers.get('etag'), path).toBeTruthy();
    }
  });

  it('read what the answers have', async () => {
    const blocks = files.package.split(/^ {2}- resource: /m).slice(1);
    let read = 0;
    for (const block of blocks) {
      const [path] = paths(`http://game-djinn.local:8000${/:8000(\S+)/.exec(block)?.[1] ?? ''}`);
      const answer = (await (await get(path as string)).json()) as Record<string, unknown>;
      for (const [, name] of block.matchAll(/value_json(?:\.|\[')(\w+)/g)) {
        expect(Object.keys(answer), path).toContain(name);
        read += 1;
      }
      for (const [, inner, names] of block.matchAll(/json_attributes_path: "\$\.(\w+)\[0\]"\n\s+json_attributes:\n((?:\s+- \w+\n?)+)/g)) {
        const [first] = answer[inner as string] as Record<string, unknown>[];
        for (const [, name] of (names as string).matchAll(/- (\w+)/g)) expect(Object.keys(first ?? {}), path).toContain(name);
      }
    }
    expect(read).toBeGreaterThanOrEqual(8);
    const flat = (await (await get('/q/library-stats?flat=1')).json()) as Record<string, unknown>;
    for (const [, field] of files.homepage.matchAll(/field: (\w+)/g)) expect(typeof flat[field as string]).toBe('number');
    const stats = (await (await get('/q/library-stats')).json()) as Record<string, unknown>;
    for (const [, field] of files.glance.matchAll(/\.JSON\.Int "(\w+)"/g)) expect(typeof stats[field as string]).toBe('number');
  });

  it('carry no key', () => {
    for (const text of Object.values(files)) expect(text).not.toMatch(/gd_[A-Za-z0-9]/);
  });
});

describe('the trusted queries', () => {
  it('answer every document under schema/operations/q', async () => {
    const { queries } = (await (await get('/q')).json()) as { queries: { name: string }[] };
    expect(queries.map((query) => query.name)).toEqual(expect.arrayContaining(['backlog', 'library-stats', 'now-playing', 'recent', 'sync-status', 'tonight']));
    for (const { name } of queries) {
      const response = await get(`/q/${name}`);
      expect(response.status, name).toBe(200);
    }
  });

  it('are only read: no other method, no change by GET, no stranger', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const response = await fetch(`${hub.url}/q/library-stats`, { method, headers: { authorization: `Bearer ${writer}` } });
      expect(response.status, method).toBe(405);
    }
    const change = new URLSearchParams({ query: 'mutation { reorderCollections(ids: []) { ok } }' });
    const refused = await get(`/graphql?${change}`, writer);
    expect(refused.status).toBe(405);
    expect((await fetch(`${hub.url}/q/library-stats`)).status).toBe(401);
  });

  it('say not modified to who has the newest', async () => {
    const first = await get('/q/backlog');
    const again = await fetch(`${hub.url}/q/backlog`, { headers: { authorization: `Bearer ${reader}`, 'if-none-match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });
});

describe('the commands of the package', () => {
  it('are refused to a read-only key, and done for one that may', async () => {
    expect(files.package).toContain('/api/games/{{ game_id }}');
    expect(files.package).toContain('/api/libraries/{{ library_id }}/sync');
    const found = (await (await get('/q/now-playing')).json()) as { items: { id: string }[] };
    const id = found.items[0]?.id ?? '';
    const mark = (key: string) => fetch(`${hub.url}/api/games/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` }, body: '{"status": "completed"}' });
    const refused = await mark(reader);
    expect(refused.status).toBe(403);
    expect(((await refused.json()) as { code: string }).code).toBe('FORBIDDEN');
    expect((await mark(writer)).status).toBe(200);
    const libraries = (await (await get('/q/sync-status')).json()) as { nodes: { id: string }[] };
    const sync = await fetch(`${hub.url}/api/libraries/${libraries.nodes[0]?.id}/sync`, { method: 'POST', headers: { 'content-type': 'application/json', authorization: `Bearer ${reader}` }, body: '{}' });
    expect(sync.status).toBe(403);
  });
});
