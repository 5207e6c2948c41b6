import { GamesDocument, SearchGamesDocument, type GamesQuery, type GamesQueryVariables, type SearchGamesQuery, type SearchGamesQueryVariables } from '@/gql/library';
import type { Source } from '@/shared/games/pages';
import type { LibraryQuery } from './filters';

/** The first page is what a screen shows, so that a search paints soon; the rest comes in bigger steps. */
const FIRST = 36;
const PAGE = 100;

export function documentFor(query: LibraryQuery, after: string | null) {
  const common = { filter: query.filter, sort: query.sort, first: after === null ? FIRST : PAGE, after };
  return query.query
    ? { document: SearchGamesDocument, variables: { ...common, query: query.query } satisfies SearchGamesQueryVariables }
    : { document: GamesDocument, variables: common satisfies GamesQueryVariables };
}

/** The list behind an address of the library. */
export const sourceOf = (query: LibraryQuery): Source => ({
  key: JSON.stringify(query),
  ask: (after) => documentFor(query, after),
  pick: (data) => (data as SearchGamesQuery).searchGames ?? (data as GamesQuery).games,
});
