import { GamesDocument, SearchGamesDocument, type GamesQuery, type GamesQueryVariables, type SearchGamesQuery, type SearchGamesQueryVariables } from '@/gql/library';
import type { Source } from '@/shared/games/pages';
import type { LibraryQuery } from './filters';

/** The first page is what a screen shows, so that a search paints soon; the rest comes in bigger steps. */
const FIRST = 60;
const PAGE = 100;
export type Facets = NonNullable<NonNullable<GamesQuery['games']>['facets']>;

export function documentFor(query: LibraryQuery, after: string | null, withFacets: boolean) {
  const common = { filter: query.filter, sort: query.sort, first: after === null ? FIRST : PAGE, after, withFacets };
  return query.query
    ? { document: SearchGamesDocument, variables: { ...common, query: query.query } satisfies SearchGamesQueryVariables }
    : { document: GamesDocument, variables: common satisfies GamesQueryVariables };
}

/** The list behind an address of the library. Facets come with the first page. */
export const sourceOf = (query: LibraryQuery): Source<Facets> => ({
  key: JSON.stringify(query),
  ask: (after) => documentFor(query, after, after === null),
  pick: (data) => (data as SearchGamesQuery).searchGames ?? (data as GamesQuery).games,
});
