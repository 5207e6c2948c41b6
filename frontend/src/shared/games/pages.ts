import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useClient, type Client, type CombinedError, type DocumentInput } from 'urql';
import type { GameCardFragment } from '@/gql/library';

/** What a page of any list of games has. */
export type Page = { nodes: readonly GameCardFragment[]; totalCount: number; pageInfo: { hasNextPage: boolean; endCursor: string | null } };

/** A list of games that can be asked for page by page. The key says all that its question does. */
export type Source = {
  key: string;
  /** The question for the page behind a cursor; null asks for the first one. */
  ask: (after: string | null) => { document: DocumentInput; variables: object };
  pick: (data: unknown) => Page | null | undefined;
};
export type Listing = { key: string; games: readonly GameCardFragment[]; total: number | null; error: CombinedError | undefined; complete: boolean };

/**
 * The pages of one query, read forward by cursor as far as the screen wants to see. Games and
 * total belong to the query's key together: a list that kept one of them from an earlier query
 * showed a stale total after a cleared search.
 */
export class Pages {
  private pages: Page[] = [];
  private stops: (() => void)[] = [];
  private watchers = new Set<() => void>();
  private wanted = 0;
  private asking = false;
  /** Whether what later pages have in the cache may be out of date. */
  private moved = false;
  private listing: Listing;

  constructor(
    private client: Client,
    private source: Source,
  ) {
    this.listing = { key: source.key, games: [], total: null, error: undefined, complete: false };
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
    const { document, variables } = this.source.ask(after);
    this.asking = true;
    let arrived = false;
    const { unsubscribe } = this.client
      .query(document, variables, { requestPolicy: at === 0 ? 'cache-and-network' : this.moved ? 'network-only' : 'cache-first' })
      .subscribe((answer) => {
        const page = (answer.data && this.source.pick(answer.data)) ?? undefined;
        arrived ||= Boolean(page);
        if (this.watchers.size) this.take(at, page, answer.error);
      });
    // Only the first page stays subscribed: all of them would be read again for each new one,
    // because they share platforms and statuses, and 10,000 games would take minutes.
    if (at > 0 && arrived) unsubscribe();
    else this.stops[at] = unsubscribe;
  }

  private take(at: number, page: Page | undefined, error: CombinedError | undefined): void {
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

const sameGames = (a: Page, b: Page): boolean => a.totalCount === b.totalCount && a.nodes.length === b.nodes.length && a.nodes.every((game, i) => game.id === b.nodes[i]?.id);

/**
 * The list for a query; while the next query is on its way, the last list stays, marked as stale.
 * `askAhead` asks for what will be shown next before the address and the screen have taken it in: they
 * do so while the hub looks.
 */
export function useListing(source: Source): { listing: Listing; shownPages: Pages; stale: boolean; askAhead: (next: Source) => void } {
  const client = useClient();
  const begun = useRef<{ pages: Pages; stop: () => void } | null>(null);
  const pages = useMemo(
    () => (begun.current?.pages.snapshot().key === source.key ? begun.current.pages : new Pages(client, source)),
    // The key says all that the source does.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [client, source.key],
  );
  const fresh = useSyncExternalStore(pages.watch, pages.snapshot);
  const stop = useCallback(() => {
    begun.current?.stop();
    begun.current = null;
  }, []);
  useEffect(() => stop, [stop]);
  // Watched by this screen from here on (the subscription above is older than this effect).
  useEffect(() => {
    if (begun.current?.pages === pages) stop();
  }, [pages, stop]);
  const askAhead = useCallback(
    (next: Source) => {
      stop();
      if (next.key === pages.snapshot().key) return;
      const ahead = new Pages(client, next);
      begun.current = { pages: ahead, stop: ahead.watch(() => undefined) };
    },
    [client, pages, stop],
  );
  const last = useRef<Listing | null>(null);
  const waiting = fresh.total === null && !fresh.error;
  useEffect(() => {
    if (!waiting) last.current = fresh;
  }, [fresh, waiting]);
  const listing = waiting && last.current ? last.current : fresh;
  return { listing, shownPages: pages, stale: listing !== fresh, askAhead };
}
