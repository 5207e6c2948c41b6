// The made-up household that the mock server answers about.
import { titles } from './titles.mjs';

export const statuses = [
  { id: 'unplayed', name: 'Unplayed' },
  { id: 'playing', name: 'Playing' },
  { id: 'completed', name: 'Completed' },
  { id: 'on_hold', name: 'On hold' },
  { id: 'abandoned', name: 'Abandoned' },
];
const field = (name, label, help, more = {}) => ({ name, label, help, secret: false, required: true, pattern: null, placeholder: null, ...more });
export const platforms = [
  { id: 'steam', name: 'Steam', kind: 'STORE', canSync: true, help: 'Needs a Web API key and your SteamID64. Your game details must be public, or be the key owner’s own account.', limits: [{ requests: 200, seconds: 300 }, { requests: 100000, seconds: 86400 }],
    connectFields: [field('apiKey', 'Web API key', 'Made at steamcommunity.com/dev/apikey. 32 characters.', { secret: true, pattern: '^[0-9A-Fa-f]{32}$' }), field('account', 'Account', 'Your SteamID64, your custom name, or the address of your profile.', { placeholder: 'https://steamcommunity.com/id/yourname' })] },
  { id: 'xbox', name: 'Xbox', kind: 'STORE', canSync: true, help: 'Signs in with an OpenXBL key of your own.', limits: [{ requests: 150, seconds: 3600 }],
    connectFields: [field('apiKey', 'API key', 'From your OpenXBL profile page.', { secret: true })] },
  { id: 'gog', name: 'GOG', kind: 'STORE', canSync: true, help: 'Reads the public games list of a GOG profile.', limits: [{ requests: 60, seconds: 60 }],
    connectFields: [field('username', 'User name', 'Your profile must be visible to everyone.')] },
  { id: 'playstation', name: 'PlayStation', kind: 'STORE', canSync: true, help: 'Uses the NPSSO cookie of a signed-in browser; it lasts about two months.', limits: [{ requests: 300, seconds: 900 }],
    connectFields: [field('npsso', 'NPSSO token', '64 characters, from ca.account.sony.com/api/v1/ssocookie.', { secret: true }), field('onlineId', 'Online ID', 'Leave empty to take the token’s owner.', { required: false })] },
  { id: 'epic', name: 'Epic Games', kind: 'STORE', canSync: false, help: 'Epic offers no list of games to others. Import the file that Legendary or Heroic writes.', limits: [], connectFields: [] },
  { id: 'manual', name: 'By hand', kind: 'MANUAL', canSync: false, help: 'Discs, cartridges, and everything that no store knows. Import a CSV or JSON file.', limits: [], connectFields: [] },
];
const byId = (id) => platforms.find((platform) => platform.id === id);
const now = Date.now();
const ago = (hours) => new Date(now - hours * 3600e3).toISOString();
let seed = 42;
const random = () => ((seed = (seed * 1664525 + 1013904223) >>> 0) / 2 ** 32);

let runNumber = 0;
export const newRun = (more = {}) => ({ id: `run-${++runNumber}`, state: 'SUCCEEDED', stage: 'DONE', done: 0, total: 0, currentTitle: null, message: null, rateLimitedUntil: null, error: null, attempt: 1, added: 0, updated: 0, removed: 0, startedAt: ago(1), finishedAt: ago(0.98), rev: 1, ...more });

export const libraries = [];
export function addLibrary(platformId, label, account, runs = []) {
  const library = { id: `lib-${libraries.length + 1}`, platform: byId(platformId), label, account, connected: true, gamesCount: 0, runs, createdAt: ago(900), lastError: null };
  library.lastSync = () => library.runs[0] ?? null;
  library.syncs = ({ first = 50 }) => ({ nodes: library.runs.slice(0, first), totalCount: library.runs.length, pageInfo: { hasNextPage: false, endCursor: null } });
  libraries.push(library);
  return library;
}

export const games = [];
let number = 0;
export function addGame(entry, copies, more = {}) {
  const id = `game-${++number}`;
  const game = {
    id, title: entry.title, sortTitle: entry.title.replace(/^(the|a) /i, '').toLowerCase(), kind: 'GAME',
    releasedOn: entry.year ? `${entry.year}-0${1 + (number % 9)}-1${number % 9}` : null, releaseYear: entry.year ?? null,
    genres: entry.genres ?? [], tags: ['Singleplayer', ...(random() > 0.5 ? ['Controller'] : [])], developers: ['Studio of ' + entry.title.split(/[ :]/)[0]], publishers: ['House Publishing'],
    summary: `${entry.title} is one of those that people keep coming back to. You wander, you learn its rules, and somewhere past the first evening it stops being a game about what it seemed to be about.`,
    coverUrl: null, headerUrl: null, criticScore: entry.critic ?? null, mainStoryMinutes: entry.minutes ?? null,
    esrb: entry.esrb ?? null, esrbSource: entry.esrb ? 'steam-store' : null,
    ageRatings: entry.esrb ? [{ board: 'ESRB', rating: entry.esrb, descriptors: ['Fantasy Violence', 'Mild Language'], source: 'steam-store' }, { board: 'PEGI', rating: entry.esrb === 'MATURE' ? '18' : '12', descriptors: ['Violence'], source: 'steam-store' }] : [],
    storeLinks: copies.filter((c) => c.library.platform.id === 'steam').map(() => ({ platform: 'steam', storeId: String(1000 + number), url: `https://store.steampowered.com/app/${1000 + number}` })),
    facts: [{ field: 'title', source: 'steam-store', fetchedAt: ago(40) }, { field: 'genres', source: 'steam-store', fetchedAt: ago(40) }, { field: 'summary', source: 'igdb', fetchedAt: ago(300) }, { field: 'criticScore', source: 'igdb', fetchedAt: ago(300) }],
    updatedAt: ago(40), favourite: false, hidden: false, notes: null, myTags: [], myRating: null, status: statuses[0], addedAt: ago(number), ...more,
  };
  game.copies = copies.map((copy, index) => ({ id: `${id}-copy-${index}`, platform: copy.library.platform, library: copy.library, storeId: String(1000 + number), title: entry.title, holding: copy.holding ?? 'OWNED', playtimeMinutes: copy.minutes ?? 0, lastPlayedAt: copy.minutes ? ago(random() * 9000) : null, addedAt: ago(900) }));
  game.playtimeMinutes = game.copies.reduce((sum, copy) => sum + copy.playtimeMinutes, 0);
  game.lastPlayedAt = game.copies.map((copy) => copy.lastPlayedAt).filter(Boolean).sort().at(-1) ?? null;
  for (const copy of copies) copy.library.gamesCount += 1;
  game.similar = ({ first = 10 }) => games.filter((other) => other !== game && other.genres.some((g) => game.genres.includes(g))).slice(0, first).map((other, i) => ({ game: other, score: 0.95 - i * 0.05, reasons: [{ kind: 'GENRE', text: `Both are ${other.genres.find((g) => game.genres.includes(g))} games` }] }));
  game.boards = () => (number % 3 ? [] : []);
  games.push(game);
  return game;
}

export function fill(count) {
  const steam = addLibrary('steam', 'Steam', 'ellen', [newRun({ done: 214, total: 214, added: 3, updated: 41 }), newRun({ startedAt: ago(25), finishedAt: ago(24.9), done: 211, total: 211, updated: 12 }), newRun({ state: 'FAILED', stage: 'ENRICHING', startedAt: ago(50), finishedAt: ago(49.8), done: 90, total: 211, error: { code: 'UPSTREAM_UNAVAILABLE', message: 'Steam did not answer in time. Nothing was changed.', reason: null, values: [] }, attempt: 3 })]);
  const xbox = addLibrary('xbox', 'Xbox (living room)', 'EllenPlays', [newRun({ state: 'FAILED', stage: 'LISTING', error: { code: 'CREDENTIAL_REFUSED', message: 'Xbox refused the key. Make a new one and connect again.', reason: null, values: [] } })]);
  xbox.connected = false;
  xbox.lastError = { code: 'CREDENTIAL_REFUSED', message: 'Xbox refused the key. Make a new one and connect again.', reason: null, values: [] };
  const gog = addLibrary('gog', 'GOG', 'ellen_r', [newRun({ done: 60, total: 60, updated: 2 })]);
  const manual = addLibrary('manual', 'Shelf', null);
  const pick = () => { const r = random(); return r < 0.6 ? steam : r < 0.75 ? gog : r < 0.93 ? xbox : manual; };
  for (let index = 0; index < count; index += 1) {
    const entry = index < titles.length ? titles[index] : { ...titles[index % titles.length], title: `${titles[index % titles.length].title} ${['Redux', 'Origins', 'Chronicles', 'Tactics', 'Gaiden', 'Zero', 'Arena', 'Legends'][Math.floor(index / titles.length) % 8]} ${Math.floor(index / titles.length)}` };
    const played = random() > 0.45;
    const minutes = played ? Math.floor(random() ** 3 * 9000) + 4 : 0;
    const first = pick();
    const copies = [{ library: first, minutes, holding: first === xbox && random() > 0.5 ? 'SUBSCRIPTION' : 'OWNED' }];
    if (random() > 0.86) { const second = pick(); if (second !== first) copies.push({ library: second, minutes: 0 }); }
    addGame(entry, copies, { favourite: random() > 0.93, status: !played ? statuses[0] : minutes > 2500 ? statuses[2] : minutes > 900 ? statuses[1] : random() > 0.5 ? statuses[3] : statuses[4] });
  }
  const board = (game) => ({ id: 'board-1', name: 'Fastest run', unit: 's', order: 'LOWER_IS_BETTER', entries: 3, top: () => ({ nodes: ['Ellen', 'Mika', 'Jo'].map((name, i) => ({ rank: i + 1, score: 2400.5 + i * 311, achievedAt: ago(100 * i + 3), player: { id: `p${i}`, name } })) }), game });
  if (games[2]) games[2].boards = () => [board(games[2])];
}
