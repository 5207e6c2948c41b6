// A stand-in for Steam: an account with a dozen made-up games, a store that answers slowly, and
// one refusal with Retry-After, so that the countdown can be seen.
import { createServer } from 'node:http';

const games = ['Lantern Row', 'Quiet Orbit', 'Saltmarsh', 'Hexwright', 'Nine Bells', 'Under the Weir', 'Copper Fox', 'Vantablank', 'Old Harbour', 'Kitewind', 'Mossgate', 'Ember Post'].map((name, index) => ({
  appid: 900_000 + index * 10,
  name,
  playtime_forever: index * 73,
  rtime_last_played: index ? 1_750_000_000 + index * 86_400 : 0,
}));

/** `refusals`: how often the list is refused at first; `wait`: what Retry-After then says, in seconds. */
export async function startSteam({ refusals: first = 1, wait = 4 } = {}) {
  let refusals = first;
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://steam');
    const send = (value: unknown, status = 200, headers: Record<string, string> = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    if (url.pathname.includes('GetPlayerSummaries')) return send({ response: { players: [{ steamid: url.searchParams.get('steamids'), personaname: 'Stand-in' }] } });
    if (url.pathname.includes('GetOwnedGames')) {
      if (refusals-- > 0) return send({}, 429, { 'retry-after': String(wait) });
      return void setTimeout(() => send({ response: { game_count: games.length, games } }), 400);
    }
    if (url.pathname.includes('appdetails')) {
      const id = url.searchParams.get('appids') ?? '';
      const game = games.find((one) => String(one.appid) === id);
      const data = game && { type: 'game', name: game.name, steam_appid: game.appid, required_age: 0, short_description: `${game.name}, as its makers tell it.`, genres: [{ id: '1', description: 'Adventure' }], release_date: { coming_soon: false, date: 'Mar 4, 2019' }, ratings: { esrb: { rating: 't', descriptors: 'Mild Violence' } } };
      return void setTimeout(() => send({ [id]: game ? { success: true, data } : { success: false } }), 150);
    }
    return send({}, 404);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    /** Refuses the list so many times from now on. */
    refuse: (times: number) => {
      refusals = times;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
