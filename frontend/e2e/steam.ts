// A stand-in for Steam: an account with a dozen made-up games, a store that answers slowly, and
// one refusal with Retry-After, so that the countdown can be seen.
import { createServer } from 'node:http';

/** A small picture for every game: blue to amber. */
const picture = Buffer.from(
  '/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAAAAQwAABtbnRyUkdCIFhZWiAH4AABAAEAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAA9tYAAQAAAADTLQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAlkZXNjAAAA8AAAACRyWFlaAAABFAAAABRnWFlaAAABKAAAABRiWFlaAAABPAAAABR3dHB0AAABUAAAABRyVFJDAAABZAAAAChnVFJDAAABZAAAAChiVFJDAAABZAAAAChjcHJ0AAABjAAAADxtbHVjAAAAAAAAAAEAAAAMZW5VUwAAAAgAAAAcAHMAUgBHAEJYWVogAAAAAAAAb6IAADj1AAADkFhZWiAAAAAAAABimQAAt4UAABjaWFlaIAAAAAAAACSgAAAPhAAAts9YWVogAAAAAAAA9tYAAQAAAADTLXBhcmEAAAAAAAQAAAACZmYAAPKnAAANWQAAE9AAAApbAAAAAAAAAABtbHVjAAAAAAAAAAEAAAAMZW5VUwAAACAAAAAcAEcAbwBvAGcAbABlACAASQBuAGMALgAgADIAMAAxADb/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAB4AFADASIAAhEBAxEB/8QAGAABAQEBAQAAAAAAAAAAAAAAAQIABAb/xAAVEAEBAAAAAAAAAAAAAAAAAAABAP/EABcBAQEBAQAAAAAAAAAAAAAAAAIDAQT/xAAWEQEBAQAAAAAAAAAAAAAAAAAAARH/2gAMAwEAAhEDEQA/APPhISFQXTahgCoJCQjaWAKgkKgha3AEhIVBG0sAVBISELSxxhISFQV7U8AVBISELW4AqCQqCNpYAqCwVBC0sAVBISEbW44wkJCoK1qeAKgkJCFpYwSEhUEbSwBUFgqCNrcAVBISELSxxhUFgqCtangCoJCQja3GCQkKghaWAKgsFQRtLAFQSEhC0scYVBYKgr2pYAqCQkIWljBISFQRtLAEhIVBC1uAKgkJCNpY4wqCwVBWtTwBUEhIQtLAFQSFQRtbgCoLBUELSwBUEhUEbSxxBISFQVrUsAVBISEbSxgkJCoIWlgCoJCQjaWAKgkJCFrccYVBa1epkKgtaNaoJC1oUlBUFrRpQhUFrQrX/9k=',
  'base64',
);

const games = ['Lantern Row', 'Quiet Orbit', 'Saltmarsh', 'Hexwright', 'Nine Bells', 'Under the Weir', 'Copper Fox', 'Vantablank', 'Old Harbour', 'Kitewind', 'Mossgate', 'Ember Post'].map((name, index) => ({
  appid: 900_000 + index * 10,
  name,
  playtime_forever: index * 73,
  rtime_last_played: index ? 1_750_000_000 + index * 86_400 : 0,
}));

// Of the first game, in the words of its makers; the last is secret.
const feats = Array.from({ length: 12 }, (_, index) => ({ name: `FEAT_${index}`, displayName: index === 11 ? 'The ferryman’s name' : `Lantern ${index + 1}`, description: index === 11 ? 'Learn who rowed.' : `Light ${index + 1} lanterns.`, hidden: index === 11 ? 1 : 0 }));
const shots = [1, 2, 3].map((id) => ({ id, path_full: `https://shared.akamai.steamstatic.com/store_item_assets/steam/apps/900000/ss_${id}.1920x1080.jpg` }));

/** `refusals`: how often the list is refused at first; `wait`: what Retry-After then says, in seconds; `rich`: whether the first game has achievements and pictures. */
export async function startSteam({ refusals: first = 1, wait = 8, rich = false } = {}) {
  let refusals = first;
  let release: () => void = () => undefined;
  let held = Promise.resolve();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://steam');
    const send = (value: unknown, status = 200, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    if (url.pathname.startsWith('/art/')) {
      response.writeHead(200, { 'content-type': 'image/jpeg', 'content-length': picture.length });
      return response.end(picture);
    }
    if (url.pathname.includes('GetPlayerSummaries')) return send({ response: { players: [{ steamid: url.searchParams.get('steamids'), personaname: 'Stand-in' }] } });
    if (url.pathname.includes('GetOwnedGames')) {
      if (refusals-- > 0) return send({}, 429, { 'retry-after': String(wait) });
      // Slowly enough that a page that was slow itself still sees the sync under way.
      return void setTimeout(() => void held.then(() => send({ response: { game_count: games.length, games } })), 1_500);
    }
    if (rich && url.pathname.includes('ISteamUserStats')) {
      if ((url.searchParams.get('appid') ?? url.searchParams.get('gameid')) !== '900000') return send({}, 400);
      if (url.pathname.includes('GetPlayerAchievements')) return send({ playerstats: { success: true, achievements: feats.map(({ name }, index) => ({ apiname: name, achieved: index < 5 ? 1 : 0, unlocktime: index < 5 ? 1_750_000_000 + index * 86_400 : 0 })) } });
      if (url.pathname.includes('GetSchemaForGame')) return send({ game: { availableGameStats: { achievements: feats } } });
      return send({ achievementpercentages: { achievements: feats.map(({ name }, index) => ({ name, percent: String(80 / (index + 1)) })) } });
    }
    if (url.pathname.includes('appdetails')) {
      const id = url.searchParams.get('appids') ?? '';
      const game = games.find((one) => String(one.appid) === id);
      const data = game && { type: 'game', name: game.name, steam_appid: game.appid, required_age: 0, short_description: `${game.name}, as its makers tell it.`, genres: [{ id: '1', description: 'Adventure' }], release_date: { coming_soon: false, date: 'Mar 4, 2019' }, ratings: { esrb: { rating: 't', descriptors: 'Mild Violence' } }, ...(rich && game === games[0] ? { screenshots: shots } : {}) };
      return void setTimeout(() => send({ [id]: game ? { success: true, data } : { success: false } }), 150);
    }
    return send({}, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    /** What a hub has to be told to ask this instead of Steam. */
    settings: {
      DJINN__STEAM__API_URL: `http://127.0.0.1:${port}`,
      DJINN__STEAM__STORE_URL: `http://127.0.0.1:${port}`,
      DJINN__ARTWORK__STEAM_URL: `http://127.0.0.1:${port}/art`,
      DJINN__ARTWORK__STAND_INS: `127.0.0.1:${port}`,
    },
    /** Refuses the list so many times from now on. */
    refuse: (times: number) => {
      refusals = times;
    },
    /** Lets whoever asks for the list wait for it, until it is released. */
    hold: () => {
      held = new Promise<void>((resolve) => {
        release = resolve;
      });
    },
    release: () => release(),
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
