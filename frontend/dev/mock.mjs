// A stand-in hub for working on screens: the real public schema, a made-up household, the same
// content-security policy. It is a development aid and knows no rule: node dev/mock.mjs
// PORT (4199) · MOCK_GAMES (300) · MOCK_SETUP=1 starts at first run · MOCK_FAST=1 quick syncs
import { readFileSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildASTSchema, execute, parse, subscribe, validate } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { addGame, addLibrary, fill, games, libraries, newRun, platforms, statuses } from './world.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, '../dist');
const port = Number(process.env.PORT ?? 4199);
const schema = buildASTSchema(parse(readFileSync(process.env.SCHEMA ?? join(here, '../../schema/api.graphql'), 'utf8')));
const scopes = ['READ_LIBRARY', 'WRITE_LIBRARY', 'RUN_SYNC', 'READ_PLAY', 'WRITE_PLAY', 'MANAGE_ACCOUNT', 'ADMIN'];
const fast = process.env.MOCK_FAST === '1';
const state = { setup: process.env.MOCK_SETUP === '1', name: 'Ellen', password: 'correct horse battery', profiles: [], keys: [], refresh: new Set(), access: new Set(), number: 0 };
if (!state.setup) fill(Number(process.env.MOCK_GAMES ?? 300));

const problem = (code, field, message) => ({ code, field, message, reason: null, values: [] });
const page = (nodes) => ({ nodes, totalCount: nodes.length, pageInfo: { hasNextPage: false, endCursor: null } });
const scales = { ESRB: ['EC', 'E', 'E10+', 'T', 'M', 'AO'], PEGI: ['3', '7', '12', '16', '18'], USK: ['0', '6', '12', '16', '18'], CERO: ['A', 'B', 'C', 'D', 'Z'], GRAC: ['ALL', '12', '15', '18'], CLASS_IND: ['L', '10', '12', '14', '16', '18'], ACB: ['G', 'PG', 'M', 'MA 15+', 'R 18+'] };
const scaleName = (board) => (board === 'CLASS_IND' ? 'ClassInd' : board);
const limitOf = ({ limit, ceiling = 'EVERYONE' }) => {
  const { board, level } = limit ?? { board: 'ESRB', level: scales.ESRB[ladder.indexOf(ceiling)] };
  return { board, level, label: `${scaleName(board)} ${level}` };
};
const me = () => ({ id: 'player-1', name: state.name, role: 'ADMIN', createdAt: new Date().toISOString(), family: null, profiles: state.profiles });
const child = (p) => ({ id: p.id, name: p.name, role: 'CHILD', createdAt: new Date().toISOString(), family: { ceiling: p.ceiling ?? 'EVERYONE', limit: limitOf(p), unrated: p.unrated ?? 'HIDE' }, profiles: [] });
function tokens() {
  const n = ++state.number;
  const life = Number(process.env.MOCK_TOKEN_SECONDS ?? 600);
  state.access.add(`access-${n}`);
  state.refresh.add(`refresh-${n}`);
  return { tokens: { accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresAt: new Date(Date.now() + life * 1000).toISOString(), player: me() }, problems: [] };
}
class Coded extends Error { constructor(code, message) { super(message); this.extensions = { code }; } }
const guarded = (resolver) => (args, context) => {
  if (!context.signedIn) throw new Coded('UNAUTHENTICATED', 'Sign in first.');
  return resolver(args, context);
};

const ladder = ['EARLY_CHILDHOOD', 'EVERYONE', 'EVERYONE_10', 'TEEN', 'MATURE', 'ADULTS_ONLY'];
const within = (range, value) => !range || (value != null && (range.from == null || value >= range.from) && (range.to == null || value <= range.to));
function matches(game, f = {}, skip) {
  const some = (list, has) => !list?.length || list.some(has);
  return (skip === 'platforms' || some(f.platforms, (id) => game.copies.some((c) => c.platform.id === id)))
    && (skip === 'statuses' || some(f.statuses, (id) => game.status?.id === id))
    && (skip === 'myTags' || some(f.myTags, (tag) => game.myTags.includes(tag)))
    && (skip === 'genres' || some(f.genres, (g) => game.genres.includes(g)))
    && (skip === 'ratings' || ((!f.ratingAtMost || (game.esrb ? ladder.indexOf(game.esrb) <= ladder.indexOf(f.ratingAtMost) : f.includeUnrated !== false)) && (f.includeUnrated !== false || game.esrb)))
    && (skip === 'decades' || within(f.releasedBetween, game.releaseYear)) && within(f.playtimeBetween, game.playtimeMinutes)
    && (f.played == null || (game.playtimeMinutes > 0) === f.played) && (f.favourite == null || game.favourite === f.favourite) && game.hidden === (f.hidden ?? false);
}
const orders = {
  TITLE: (a, b) => a.sortTitle.localeCompare(b.sortTitle), RELEVANCE: (a, b) => a.sortTitle.localeCompare(b.sortTitle),
  RELEASED: (a, b) => (b.releaseYear ?? 0) - (a.releaseYear ?? 0), LAST_PLAYED: (a, b) => (b.lastPlayedAt ?? '').localeCompare(a.lastPlayedAt ?? ''),
  PLAYTIME: (a, b) => b.playtimeMinutes - a.playtimeMinutes, ADDED: (a, b) => b.addedAt.localeCompare(a.addedAt), CRITIC_SCORE: (a, b) => (b.criticScore ?? 0) - (a.criticScore ?? 0),
};
function facets(all, f) {
  const count = (skip, keys) => {
    const counts = new Map();
    for (const game of all.filter((g) => matches(g, f, skip))) for (const [id, label] of keys(game)) counts.set(id, { id, label, count: (counts.get(id)?.count ?? 0) + 1 });
    return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, 30);
  };
  const ratingName = { EVERYONE: 'Everyone', EVERYONE_10: 'Everyone 10+', TEEN: 'Teen', MATURE: 'Mature', EARLY_CHILDHOOD: 'Early childhood', ADULTS_ONLY: 'Adults only' };
  return {
    platforms: count('platforms', (g) => [...new Map(g.copies.map((c) => [c.platform.id, c.platform.name]))]),
    statuses: count('statuses', (g) => [[g.status.id, g.status.name]]), genres: count('genres', (g) => g.genres.map((x) => [x, x])), myTags: count('myTags', (g) => g.myTags.map((x) => [x, x])),
    ratings: count('ratings', (g) => [g.esrb ? [g.esrb, ratingName[g.esrb]] : ['UNRATED', 'Unrated']]),
    decades: count('decades', (g) => (g.releaseYear ? [[String(Math.floor(g.releaseYear / 10) * 10), `${Math.floor(g.releaseYear / 10) * 10}s`]] : [])),
  };
}
async function find({ query, filter, sort, first = 50, after }) {
  if (process.env.MOCK_DELAY) await new Promise((r) => setTimeout(r, Number(process.env.MOCK_DELAY)));
  const needle = query?.toLowerCase();
  const all = needle ? games.filter((g) => g.title.toLowerCase().includes(needle)) : games;
  const f = filter ?? {};
  const hits = all.filter((g) => matches(g, f)).sort(orders[sort ?? 'TITLE']);
  const from = after ? Number(after) : 0;
  return { nodes: hits.slice(from, from + first), totalCount: hits.length, pageInfo: { hasNextPage: from + first < hits.length, endCursor: String(from + first) }, facets: () => facets(all, f) };
}

const listeners = new Map();
const tell = (library) => { for (const wake of listeners.get(library.id) ?? []) wake(); };
const step = (ms) => new Promise((r) => setTimeout(r, fast ? ms / 6 : ms));
async function runSync(library, run) {
  const change = (more) => { Object.assign(run, more, { rev: run.rev + 1 }); tell(library); };
  const names = ['Half-Life: Alyx', 'Dota 2', 'Portal', 'Ico', 'Psi-Ops', 'Spacewar', 'Thumper', 'Lumines', 'Gunpoint', 'Heat Signature', 'Rain World', 'Noita'];
  await step(400);
  change({ state: 'RUNNING', message: 'Asking for the list of games' });
  await step(900);
  change({ stage: 'MATCHING', total: names.length });
  for (const [index, name] of names.entries()) {
    await step(450);
    change({ done: index + 1, currentTitle: name, stage: index > 5 ? 'ENRICHING' : 'MATCHING', added: run.added + 1 });
    if (!games.some((g) => g.title === name)) addGame({ title: name, year: 2010 + index, genres: ['Action'], esrb: 'TEEN' }, [{ library, minutes: index * 31 }]);
    if (index === 7) {
      change({ state: 'WAITING', rateLimitedUntil: new Date(Date.now() + (fast ? 1500 : 6000)).toISOString(), message: 'The store asked for a pause' });
      await step(6000);
      change({ state: 'RUNNING', rateLimitedUntil: null, message: null });
    }
  }
  change({ state: 'SUCCEEDED', stage: 'DONE', currentTitle: null, finishedAt: new Date().toISOString() });
  library.connected = true; library.lastError = null;
}
function startSync({ libraryId }) {
  const library = libraries.find((l) => l.id === libraryId);
  const run = newRun({ state: 'QUEUED', stage: 'LISTING', total: null, startedAt: new Date().toISOString(), finishedAt: null });
  library.runs.unshift(run);
  void runSync(library, run);
  return { run, problems: [] };
}
async function* progress(libraryId) {
  const library = libraries.find((l) => l.id === libraryId);
  let rev = 0;
  for (;;) {
    const run = library.runs[0];
    const final = ['SUCCEEDED', 'FAILED', 'SUPERSEDED'].includes(run.state);
    if (run.rev !== rev) { rev = run.rev; yield { syncProgress: { epoch: 'e1', rev, run: { ...run }, final } }; }
    if (final) return;
    await new Promise((wake) => { const set = listeners.get(libraryId) ?? new Set(); listeners.set(libraryId, set); set.add(wake); setTimeout(wake, 500); });
  }
}

const root = {
  setup: () => ({ needed: state.setup, authMode: process.env.MOCK_AUTH ?? 'PASSWORD' }),
  me: (_, c) => (c.signedIn ? me() : null), myScopes: (_, c) => (c.signedIn ? scopes : []),
  logins: guarded(() => page([{ id: 'l1', device: 'Firefox on Linux', createdAt: new Date(Date.now() - 9e8).toISOString(), lastUsedAt: new Date().toISOString(), current: true }, { id: 'l2', device: 'Phone', createdAt: new Date(Date.now() - 9e9).toISOString(), lastUsedAt: new Date(Date.now() - 3e8).toISOString(), current: false }])),
  apiKeys: guarded(() => page(state.keys)),
  game: guarded(({ id }) => games.find((g) => g.id === id) ?? null), games: guarded(find), searchGames: guarded(find),
  platforms: guarded(() => platforms), statuses: guarded(() => statuses), libraries: guarded(() => page(libraries)),
  library: guarded(({ id }) => libraries.find((l) => l.id === id) ?? null),
  ratingScales: () => Object.entries(scales).map(([board, levels]) => ({ board, name: scaleName(board), levels })),
  recentlyPlayed: guarded(() => games.slice(0, 10)),
  libraryStats: guarded(() => ({ games: games.length, copies: games.length, playtimeMinutes: games.reduce((s, g) => s + g.playtimeMinutes, 0), played: games.filter((g) => g.playtimeMinutes).length, neverPlayed: games.filter((g) => !g.playtimeMinutes).length, libraries: libraries.length, byPlatform: facets(games, {}).platforms, byStatus: facets(games, {}).statuses, byGenre: facets(games, {}).genres, lastSyncAt: new Date().toISOString() })),
  recommendGames: guarded(({ criteria, genre, limit = 10 }) => games.filter((g) => (!genre || g.genres.includes(genre)) && g.playtimeMinutes < 60).sort(orders.CRITIC_SCORE).slice(0, limit).map((game, i) => ({ game, score: 0.97 - i * 0.04, reasons: [{ kind: 'UNPLAYED', text: 'You own it and have not started it' }, { kind: 'SCORE', text: game.criticScore ? `Critics give it ${game.criticScore}` : "Nobody has scored it yet" }, ...(criteria ? [{ kind: 'CRITERIA', text: `Fits “${criteria}”` }] : [])] }))),
  completeSetup: ({ input }) => {
    if (input.token !== 'setup-token') return { tokens: null, problems: [problem('TOKEN_INVALID', 'token', 'This setup token is not the one in the hub’s log.')] };
    if (input.password.length < 12) return { tokens: null, problems: [problem('PASSWORD_TOO_SHORT', 'password', 'Use at least 12 characters.')] };
    Object.assign(state, { setup: false, name: input.name, password: input.password });
    return tokens();
  },
  login: ({ input }) => (input.password === state.password ? tokens() : { tokens: null, problems: [problem('LOGIN_REFUSED', null, 'Name or password is wrong.')] }),
  refreshLogin: ({ refreshToken }) => (state.refresh.delete(refreshToken) ? tokens() : { tokens: null, problems: [problem('LOGIN_ENDED', null, 'This login has ended.')] }),
  logout: () => ({ ok: true, problems: [] }), endLogin: guarded(() => ({ ok: true, problems: [] })),
  createProfile: guarded(({ input }) => { if (input.name.length < 2) return { profile: null, problems: [problem('NAME_TOO_SHORT', 'name', 'Use at least 2 characters.')] }; const p = child({ id: `child-${state.profiles.length + 1}`, ...input }); state.profiles.push(p); return { profile: p, problems: [] }; }),
  updateProfile: guarded(({ input }) => { const p = state.profiles.find((x) => x.id === input.id); Object.assign(p.family, { limit: input.limit || input.ceiling ? limitOf(input) : p.family.limit, unrated: input.unrated ?? p.family.unrated }); return { profile: p, problems: [] }; }),
  useProfile: guarded(() => tokens()),
  createApiKey: guarded(({ input }) => { const key = { id: `key-${state.keys.length + 1}`, name: input.name, hint: 'gd_7f3…', scopes: input.scopes, createdAt: new Date().toISOString(), lastUsedAt: null, profile: null }; state.keys.unshift(key); return { apiKey: key, secret: 'gd_7f3a1c0a9d5e4b7c8f6a2e1d0c9b8a7f', problems: [] }; }),
  revokeApiKey: guarded(({ id }) => { state.keys = state.keys.filter((k) => k.id !== id); return { ok: true, problems: [] }; }),
  linkLibrary: guarded(({ input }) => {
    const platform = platforms.find((p) => p.id === input.platform);
    const problems = platform.connectFields.flatMap((f) => { const value = input.fields.find((x) => x.name === f.name)?.value ?? ''; if (f.required && !value) return [problem('FIELD_MISSING', f.name, `${f.label} is needed.`)]; if (f.pattern && value && !new RegExp(f.pattern).test(value)) return [problem('FIELD_INVALID', f.name, `That does not look like a ${f.label}. ${f.help}`)]; return []; });
    if (problems.length) return { library: null, problems };
    return { library: addLibrary(platform.id, input.label || platform.name, 'new account'), problems: [] };
  }),
  unlinkLibrary: guarded(({ id }) => { libraries.splice(libraries.findIndex((l) => l.id === id), 1); return { ok: true, problems: [] }; }),
  syncLibrary: guarded(startSync), retrySync: guarded(startSync),
  importGames: guarded(({ input }) => {
    const cells = (line) => [...line.matchAll(/("([^"]*)"|[^,]*)(,|$)/g)].map((m) => m[2] ?? m[1]);
    const [header = '', ...lines] = input.content.trim().split('\n');
    const records = input.format === 'JSON' ? JSON.parse(input.content) : lines.map((line) => Object.fromEntries(cells(header).map((name, i) => [name, cells(line)[i]])));
    const rows = records.map((record) => record.title);
    const preview = rows.slice(0, 20).map((title, i) => ({ line: i + 2, title, action: games.some((g) => g.title === title) ? 'update' : 'add' }));
    const added = rows.filter((title) => !games.some((g) => g.title === title)).length;
    let library = null;
    if (!input.dryRun) { library = libraries.find((l) => l.label === input.label) ?? addLibrary('manual', input.label, null); for (const r of records) if (!games.some((g) => g.title === r.title)) addGame({ title: r.title, genres: r.genres ? [r.genres] : [], year: Number(r.year) || null }, [{ library, minutes: Number(r.playtime_minutes ?? 0) }]); }
    return { library, rows: rows.length, added, updated: rows.length - added, unchanged: 0, skipped: 0, preview, problems: [] };
  }),
  updateGame: guarded(({ input }) => {
    const game = games.find((g) => g.id === input.gameId);
    for (const key of ['favourite', 'hidden', 'notes', 'myRating']) if (input[key] !== undefined) game[key] = input[key];
    if (input.tags !== undefined) game.myTags = input.tags ?? [];
    if (input.status !== undefined) game.status = statuses.find((s) => s.id === input.status) ?? null;
    return { game, problems: [] };
  }),
  syncProgress: ({ libraryId }) => progress(libraryId),
};

// The union types of rooms are not served here.
const signedIn = (header) => process.env.MOCK_AUTH === 'OFF' || state.access.has((header ?? '').replace('Bearer ', ''));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2', '.json': 'application/json', '.png': 'image/png', '.webmanifest': 'application/manifest+json', '.ttf': 'font/ttf' };
const policy = "default-src 'self'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

const known = new Map();
for (const { id, name, body } of JSON.parse(readFileSync(join(here, '../src/gql/documents.json'), 'utf8')).operations) known.set(id, body).set(`spa.${name}`, body);
/** The text that was sent, or that its id or hash stands for. */
const textOf = ({ query, documentId, extensions }) => {
  const text = query || known.get(documentId?.replace('sha256:', '') ?? extensions?.persistedQuery?.sha256Hash);
  if (!text) throw new Coded('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
  return text;
};
const server = createServer(async (request, response) => {
  const path = new URL(request.url, 'http://hub').pathname;
  if (path === '/graphql') {
    let body = '';
    for await (const chunk of request) body += chunk;
    const send = (status, value) => { response.writeHead(status, { 'content-type': 'application/graphql-response+json' }); response.end(JSON.stringify(value)); };
    try {
      const asked = JSON.parse(body);
      const { variables, operationName } = asked;
      const document = parse(textOf(asked));
      const errors = validate(schema, document);
      if (errors.length) return send(400, { errors });
      return send(200, await execute({ schema, document, rootValue: root, variableValues: variables, operationName, contextValue: { signedIn: signedIn(request.headers.authorization) }, typeResolver: undefined }));
    } catch (error) {
      return send(400, { errors: [{ message: String(error.message), extensions: error.extensions }] });
    }
  }
  let file = join(dist, normalize(path));
  if (path === '/playground') file = join(dist, 'playground.html');
  else if (!extname(path) || !existsSync(file)) { if (path.startsWith('/assets/')) { response.writeHead(404); return response.end(); } file = join(dist, 'index.html'); }
  if (!existsSync(file)) { response.writeHead(503); return response.end('Build the front end first: npm run build'); }
  response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', 'content-security-policy': policy, 'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache' });
  response.end(readFileSync(file));
});
const sockets = new WebSocketServer({ server, path: '/graphql' });
const onSubscribe = (ctx, _id, payload) => ({ schema, document: parse(textOf(payload)), variableValues: payload.variables, operationName: payload.operationName, rootValue: root, contextValue: { signedIn: signedIn(ctx.connectionParams?.authorization) } });
useServer({ schema, execute, subscribe, onSubscribe, roots: { subscription: root, query: root }, context: (ctx) => ({ signedIn: signedIn(ctx.connectionParams?.authorization) }) }, sockets);
server.listen(port, '127.0.0.1', () => console.log(`mock hub on http://127.0.0.1:${port}  (${games.length} games, password: ${state.password})`));
