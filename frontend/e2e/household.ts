// A household with something on every screen: games with pictures and without, two that may be
// one, collections of both kinds, a child, a key.
import { vi } from 'vitest';
import { ask, own, startHub, type Hub } from './start';
import { startSteam } from './steam';

export const owner = { name: 'Ellen', password: 'correct horse battery' };
const csv = [
  'title,platform,playtime_minutes,year,developer,genres,rating,status',
  'Amber Road,Shelf,620,2009,Tin Works,RPG,T,playing',
  'Amber Road II,Shelf,0,2012,Tin Works,RPG,T,unplayed',
  'Paper Tigers,Shelf,45,2018,Origami,Puzzle,E,completed',
  'Copper Lantern,Shelf,300,2019,Tin Works,Adventure,T,on hold',
  'Copper Lantern Edition,Attic,20,2019,Tin Works,Adventure,T,unplayed',
  '"The Unreasonably Long Title of a Game That Nobody Ever Finished: Directors’ Anniversary Cut",Attic,0,1998,,Strategy,,',
].join('\n');
const picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9"><path fill="#345" d="M0 0h16v9H0z"/><path fill="#e9a" d="M0 9l6-6 4 4 2-2 4 4z"/></svg>';
/** What stands for every picture: none is fetched from anywhere. */
export const art = { contentType: 'image/svg+xml', body: picture };

export type Household = { hub: Hub; token: string; game: string; imported: string; byRule: string; byHand: string; wear: (theme: string | null) => Promise<void>; stop: () => Promise<void> };

/** `before`: looks at the hub while nobody owns it. */
export async function startHousehold(before: (hub: Hub) => Promise<void> = async () => undefined): Promise<Household> {
  const steam = await startSteam({ refusals: 0, rich: true });
  const hub = await startHub({ DJINN__STEAM__API_URL: steam.url, DJINN__STEAM__STORE_URL: steam.url });
  await before(hub);
  const token = await own(hub, owner.name, owner.password);
  const change = async (field: string, type: string, selection: string, input: object): Promise<Record<string, { id: string }>> => {
    const answer = (await ask(hub.url, token, `mutation($input: ${type}!) { ${field}(input: $input) { ${selection} problems { message } } }`, { input }))[field] as Record<string, { id: string }> & { problems: { message: string }[] };
    if (answer.problems.length) throw new Error(`${field}: ${answer.problems[0]?.message}`);
    return answer;
  };
  await change('importGames', 'ImportInput', 'added', { format: 'CSV', content: csv });
  const { library } = await change('linkLibrary', 'LinkLibraryInput', 'library { id }', { platform: 'steam', label: 'Steam', fields: [{ name: 'apiKey', value: '0123456789abcdef0123456789ABCDEF' }, { name: 'account', value: '76561198000000042' }] });
  await ask(hub.url, token, 'mutation($id: ID!) { syncLibrary(libraryId: $id) { problems { message } } }', { id: library?.id });
  let found: { id: string; title: string }[] = [];
  await vi.waitFor(
    async () => {
      const { games, duplicateGames } = (await ask(hub.url, token, '{ games(first: 100) { nodes { id title achievements(first: 1) { total } screenshots { url } } } duplicateGames(first: 1) { nodes { id } } }')) as {
        games: { nodes: { id: string; title: string; achievements: { total: number }; screenshots: unknown[] }[] };
        duplicateGames: { nodes: unknown[] };
      };
      const rich = games.nodes.find((one) => one.title === 'Lantern Row');
      if (rich?.achievements.total !== 12 || rich.screenshots.length !== 3 || duplicateGames.nodes.length === 0) throw new Error('the hub is still at it');
      found = games.nodes;
    },
    { timeout: 60_000, interval: 500 },
  );
  const { collection: byRule } = await change('createCollection', 'CreateCollectionInput', 'collection { id }', { name: 'Role-playing', rule: { field: 'GENRE', operator: 'ONE_OF', value: { options: ['RPG'] } } });
  const { collection: byHand } = await change('createCollection', 'CreateCollectionInput', 'collection { id }', { name: 'Next holiday', gameIds: found.slice(0, 3).map((one) => one.id) });
  await change('createProfile', 'CreateProfileInput', 'profile { id }', { name: 'Mika', ceiling: 'EVERYONE_10' });
  await change('createStatus', 'CreateStatusInput', 'status { id }', { name: 'Lent out' });
  await change('createApiKey', 'CreateApiKeyInput', 'apiKey { id }', { name: 'Home Assistant', scopes: ['READ_LIBRARY'] });
  return {
    hub,
    token,
    game: found.find((one) => one.title === 'Lantern Row')?.id ?? '',
    imported: found.find((one) => one.title === 'Paper Tigers')?.id ?? '',
    byRule: byRule?.id ?? '',
    byHand: byHand?.id ?? '',
    wear: async (theme) => void (await change('updatePreferences', 'PreferencesInput', 'preferences { theme { id } }', { theme })),
    stop: async () => {
      await hub.stop();
      await steam.stop();
    },
  };
}
