import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useClient, type Client, type CombinedError } from 'urql';
import { GamesDocument, SearchGamesDocument, type GameCardFragment, type GamesQuery, type GamesQueryVariables, type SearchGamesQueryVariables } from '@/gql/library';
import type { LibraryQuery } from './filters';

/** The first page is what a screen shows, so that a search paints soon; the rest comes in bigger steps. */
const FIRST = 60;
const PAGE = 100;
type Result = NonNullable<GamesQuery['games']>;
export type Facets = NonNullable<Result['facets']>;
export type Listing = { key: string; games: readonly GameCardFragment[]; total: number | null; facets: Facets | null; error: CombinedError | undefined; complete: boolean };

export const keyOf = (query: LibraryQuery): string => JSON.stringify(query);

export function documentFor(query: LibraryQuery, after: string | null, withFacets: boolean) {
  const common = { filter: query.filter, sort: query.sort, first: after === null ? FIRST : PAGE, after, withFacets };
  return query.query
    ? { document: SearchGamesDocument, variables: { ...common, query: query.query } satisfies SearchGamesQueryVariables }
    : { document: GamesDocument, variables: common satisfies GamesQueryVariables };
}

/**
 * The pages of one query, read forward by cursor as far as the screen wants to see. Games and
 * total belong to the query's key together: a list that kept one of them from an earlier query
 * showed a stale total after a cleared search.
 */
export class Pages {
  private pages: Result[] = [];
  private stops: (() => void)[] = [];
  private watchers = new Set<() => void>();
  private wanted = 0;
  private asking = false;
  /** Whether what later pages have in the cache may be out of date. */
  private moved = false;
  private listing: Listing;

  constructor(
    private client: Client,
    private query: LibraryQuery,
  ) {
    this.listing = { key: keyOf(query), games: [], total: null, facets: null, error: undefined, complete: false };
  }

  snapshot = (): Listing => this.listing;

  watch = (tell: () => void): (() => void) => {
    this.watchers.add(tell);
    if (!this.stops.length) this.ask();
    return () => {
      this.watchers.delete(tell);
      if (!this.watchers.size) this.stop();
    };
  };

  /** Makes sure that the game at `index` is there soon. */
  want(index: number): void {
    this.wanted = Math.max(this.wanted, index);
    if (!this.asking && !this.listing.complete && !this.listing.error && this.listing.games.length <= this.wanted) this.ask();
  }

  retry(): void {
    this.listing = { ...this.listing, error: undefined };
    for (const stop of this.stops.splice(this.pages.length)) stop();
    this.asking = false;
    this.tell();
    this.ask();
  }

  private stop(): void {
    for (const stop of this.stops) stop();
    this.stops = [];
    this.pages = [];
    this.asking = false;
  }

  private ask(): void {
    const at = this.pages.length;
    const after = at ? (this.pages[at - 1]?.pageInfo.endCursor ?? null) : null;
    const { document, variables } = documentFor(this.query, after, at === 0);
    this.asking = true;
    let arrived = false;
    const { unsubscribe } = this.client
      .query<GamesQuery & { searchGames?: Result }, typeof variables>(document as never, variables, { requestPolicy: at === 0 ? 'cache-and-network' : this.moved ? 'network-only' : 'cache-first' })
      .subscribe((answer) => {
        const page = answer.data?.searchGames ?? answer.data?.games ?? undefined;
        arrived ||= Boolean(page);
        if (this.watchers.size) this.take(at, page, answer.error);
      });
    // Only the first page stays subscribed: all of them would be read again for each new one,
    // because they share platforms and statuses, and 10,000 games would take minutes.
    if (at > 0 && arrived) unsubscribe();
    else this.stops[at] = unsubscribe;
  }

  private take(at: number, page: Result | undefined, error: CombinedError | undefined): void {
    const before = this.pages[at];
    if (page && page === before) return;
    if (page) {
      // The list has changed under us, by a sync or an edit: what follows is read anew.
      if (at === 0 && before && this.pages.length > 1 && !sameGames(before, page)) {
        for (const stop of this.stops.splice(1)) stop();
        this.pages.length = 0;
        this.moved = true;
      }
      this.pages[at] = page;
      if (at > 0) this.stops[at]?.();
    }
    this.asking = false;
    this.listing = {
      key: this.listing.key,
      games: page && at > 0 && !before ? [...this.listing.games, ...page.nodes] : this.pages.flatMap((p) => p.nodes),
      total: page ? page.totalCount : this.listing.total,
      facets: this.pages[0]?.facets ?? this.listing.facets,
      error: page ? undefined : error,
      complete: this.pages.length > 0 && this.pages.at(-1)?.pageInfo.hasNextPage === false,
    };
    this.tell();
    if (page) this.want(this.wanted);
  }

  private tell(): void {
    for (const tell of this.watchers) tell();
  }
}

const sameGames = (a: Result, b: Result): boolean => a.totalCount === b.totalCount && a.nodes.length === b.nodes.length && a.nodes.every((game, i) => game.id === b.nodes[i]?.id);

/** The list for a query; while the next query is on its way, the last list stays, marked as stale. */
export function useListing(query: LibraryQuery): { listing: Listing; shownPages: Pages; stale: boolean } {
  const client = useClient();
  const key = keyOf(query);
  // The key says all that the query does.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  const pages = useMemo(() => new Pages(client, query), [client, key]);
  const fresh = useSyncExternalStore(pages.watch, pages.snapshot);
  const last = useRef<Listing | null>(null);
  const waiting = fresh.total === null && !fresh.error;
  useEffect(() => {
    if (!waiting) last.current = fresh;
  }, [fresh, waiting]);
  const listing = waiting && last.current ? last.current : fresh;
  return { listing, shownPages: pages, stale: listing !== fresh };
}
