import { getRouteApi } from '@tanstack/react-router';
import { Bookmark, LayoutGrid, List, SlidersHorizontal, SquareCheck } from 'lucide-react';
import { Suspense, lazy, useCallback, useEffect, useState } from 'react';
import { say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Heard } from '@/shared/ui/Heard';
import { Unanswered, useLost } from '@/shared/ui/Loading';
import { Fault } from '@/shared/ui/Notice';
import { useWide } from '@/shared/ui/useWide';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { Continue } from './Continue';
import { GameGrid } from '@/shared/games/GameGrid';
import { SearchBox } from './SearchBox';
import { useMore } from './useMore';
import { activeCount, clear, sorts, toQuery, type LibrarySearch } from './filters';
import { useListing } from '@/shared/games/pages';
import { useLate } from '@/shared/games/useLate';
import { useViewer } from '@/shared/api/viewer';
import { documentFor, sourceOf } from './listing';
import { useChoosing } from './useChoosing';
import { useFacets } from './useFacets';
import { useSoon } from './useSoon';
import { t } from '@/shared/content/texts';
import { useTitle } from '@/shared/content/useTitle';

// A phone has no room for it, and elsewhere its counts come after the games.
const FacetPanel = lazy(() => import('./FacetPanel').then((file) => ({ default: file.FacetPanel })));
const FilterDrawer = lazy(() => import('./FilterDrawer'));
const GameList = lazy(() => import('./GameList'));
const NothingHere = lazy(() => import('./NothingHere'));
const Chips = lazy(() => import('./Chips'));
const BulkBar = lazy(() => import('./BulkBar'));
const ViewsDialog = lazy(() => import('./ViewsDialog'));
const route = getRouteApi('/app/');

export function LibraryScreen() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const say = useSay();
  const { scopes } = useViewer();
  const [drawer, setDrawer] = useState(false);
  const [views, setViews] = useState(false);
  const query = toQuery(search);
  const { listing, shownPages, stale, askAhead } = useListing(sourceOf(query));
  // An answer that comes at once dims nothing: that would draw the whole page twice for each letter.
  const late = useLate(stale);
  // Counted only where they are seen: beside the list, in the drawer, in the names of what is chosen.
  const wide = useWide('xl');
  const facets = useFacets(query, (wide || drawer || activeCount(search) > 0) && !stale && listing.total !== null);
  const lateFacets = useLate(facets.stale);
  const change = useCallback((next: LibrarySearch) => void navigate({ search: next, replace: true, resetScroll: false }), [navigate]);
  const soon = useSoon();
  const onSearch = useCallback(
    (q: string) => {
      const searched = ({ q: _old, ...rest }: LibrarySearch) => (q ? { ...rest, q } : rest);
      askAhead(sourceOf(toQuery(searched(search))));
      soon(() => void navigate({ search: searched, replace: true, resetScroll: false }));
    },
    [askAhead, soon, navigate, search],
  );
  const onWant = useCallback((index: number) => shownPages.want(index), [shownPages]);
  const { choosing, begin, end, all } = useChoosing(listing.games);
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  useTitle(t('nav.library'));
  // `f` for the filters, `v` for the views, `x` to choose several; Escape ends choosing.
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).closest('input, textarea, select, [role=dialog]')) return;
      const wide = document.querySelector<HTMLElement>('[data-filters] input');
      if (event.key === 'f' && wide?.offsetParent) wide.focus();
      else if (event.key === 'f') setDrawer(true);
      else if (event.key === 'v') setViews(true);
      else if (event.key === 'x' && mayWrite) begin();
      else if (event.key === 'Escape') end();
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [begin, end, mayWrite]);

  const narrowed = activeCount(search) > 0 || query.query !== '';
  const fault = listing.error ?? facets.error;
  const empty = listing.total === 0 && !stale;
  // Of nothing at all there is nothing to choose or to sort.
  const bare = empty && !narrowed;
  useMore(bare);
  const View = search.view === 'list' ? GameList : GameGrid;
  const { document: asked, variables } = documentFor(query, null);
  const amount = listing.total === null ? say('state.loading') : say('library.games', { count: listing.total });

  const waiting = useLost() && (stale || listing.total === null) && !listing.error;
  // While there is no answer, or none to this question, there is nothing to count.
  const uncounted = waiting || (listing.error && listing.total === null);
  return (
    <div className={cx('mx-auto max-w-[1720px] px-4 sm:px-6 lg:px-8', choosing.on ? 'pb-32' : 'pb-10')}>
      <h1 className="sr-only">{say('nav.library')}</h1>
      <div className="sticky top-0 z-20 -mx-4 flex items-center gap-2 bg-bg px-4 py-3 sm:-mx-6 sm:gap-3 sm:px-6 lg:-mx-8 lg:px-8 lg:py-4">
        <SearchBox value={search.q ?? ''} onSearch={onSearch} />
        {!bare && (
          <>
            <Button className="h-11 px-3 xl:hidden" aria-haspopup="dialog" title={t('library.filters')} onClick={() => setDrawer(true)}>
              <SlidersHorizontal className="size-5" aria-hidden="true" />
              <span className="sr-only">{t('library.filters')}</span>
              {activeCount(search) > 0 && <span className="numbers grid size-5 place-items-center rounded-full bg-lamp text-xs text-lamp-ink">{activeCount(search)}</span>}
            </Button>
            <Button className="h-11 px-3 max-sm:hidden" aria-haspopup="dialog" title={t('library.views')} onClick={() => setViews(true)}>
              <Bookmark className="size-4.5" aria-hidden="true" />
              <span className="sr-only xl:not-sr-only">{t('library.views')}</span>
            </Button>
            {mayWrite && (
              <Button className="h-11 px-3 max-sm:hidden" aria-pressed={choosing.on} title={t('library.choose')} onClick={choosing.on ? end : begin}>
                <SquareCheck className="size-4.5" aria-hidden="true" />
                <span className="sr-only xl:not-sr-only">{t('library.choose')}</span>
              </Button>
            )}
            <SortSelect search={search} onChange={change} searching={query.query !== ''} className="hidden sm:block" />
            <ViewSwitch search={search} onChange={change} className="hidden h-11 sm:flex" />
          </>
        )}
      </div>
      <div className="xl:grid xl:grid-cols-[15rem_minmax(0,1fr)] xl:gap-8">
        <aside aria-label={t('library.filters')} aria-busy={facets.stale} data-filters="" className={cx(lateFacets && 'opacity-60', 'sticky top-[76px] hidden max-h-[calc(100dvh-76px)] self-start overflow-y-auto pt-2 pb-8 [scrollbar-width:thin] xl:block')}>
          {wide && !bare && (
            <Suspense fallback={null}>
              <FacetPanel facets={facets.facets} search={search} onChange={change} />
            </Suspense>
          )}
        </aside>
        <section aria-label={t('library.yourGames')} aria-busy={stale || listing.total === null} className="min-w-0">
          {!narrowed && listing.total !== 0 && <Continue />}
          <div className="mb-4 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
            <p aria-hidden="true" className="font-display numbers text-lg font-bold whitespace-nowrap">
              {!uncounted && amount}
            </p>
            <Heard text={amount} />
            {activeCount(search) > 0 && (
              <Suspense fallback={null}>
                <Chips search={search} facets={facets.facets} onChange={change} />
              </Suspense>
            )}
            <span className="ml-auto flex items-center gap-1 sm:gap-2">
              {!bare && (
                <>
                  <Button size="icon" className="size-9! sm:hidden" aria-haspopup="dialog" aria-label={t('library.views')} onClick={() => setViews(true)}>
                    <Bookmark className="size-4.5" />
                  </Button>
                  {mayWrite && (
                    <Button size="icon" className="size-9! sm:hidden" aria-label={t('library.choose')} aria-pressed={choosing.on} onClick={choosing.on ? end : begin}>
                      <SquareCheck className="size-4.5" />
                    </Button>
                  )}
                  <SortSelect search={search} onChange={change} searching={query.query !== ''} className="sm:hidden" />
                  <ViewToggle search={search} onChange={change} />
                </>
              )}
              <ViewQuery document={asked} variables={variables} narrow />
            </span>
          </div>
          {fault && (
            <div className="mb-6">
              <Fault onRetry={() => (listing.error ? shownPages.retry() : facets.retry())}>{inWords(fault)}</Fault>
            </div>
          )}
          {waiting && (
            <div className="mb-6">
              <Unanswered>{listing.total !== null && t('library.stillTheLast')}</Unanswered>
            </div>
          )}
          {empty ? (
            <Suspense fallback={null}>
              <NothingHere narrowed={narrowed} query={query.query} onClear={() => change(clear(search))} />
            </Suspense>
          ) : null}
          {!empty && !(listing.error && listing.games.length === 0) && (
            <div className={cx(late && 'opacity-60')}>
              <Suspense fallback={null}>
                <View games={listing.games} total={listing.total} onWant={onWant} choosing={choosing} />
              </Suspense>
            </div>
          )}
        </section>
      </div>
      {choosing.on && (
        <Suspense fallback={null}>
          <BulkBar ids={choosing.ids} shown={listing.games.length} total={listing.total ?? 0} onAll={all} onEnd={end} />
        </Suspense>
      )}
      {views && (
        <Suspense fallback={null}>
          <ViewsDialog search={search} onChange={change} onClose={() => setViews(false)} />
        </Suspense>
      )}
      {drawer && (
        <Suspense fallback={null}>
          <FilterDrawer onClose={() => setDrawer(false)} facets={facets.facets} stale={facets.stale} total={listing.total} search={search} onChange={change} />
        </Suspense>
      )}
    </div>
  );
}

type Part = { search: LibrarySearch; onChange: (next: LibrarySearch) => void };

function SortSelect({ search, onChange, searching, className }: Part & { searching: boolean; className: string }) {
  return (
    <label className={className}>
      <span className="sr-only">{t('library.sortBy')}</span>
      <select
        value={search.sort ?? (searching ? 'RELEVANCE' : 'TITLE')}
        onChange={(event) => onChange({ ...search, sort: event.target.value as NonNullable<LibrarySearch['sort']> })}
        className="h-9 w-32 rounded-lg border border-line bg-surface px-2.5 text-ellipsis sm:px-3 lg:w-auto lg:max-w-52 text-sm font-semibold shadow-sm hover:border-edge sm:h-11"
      >
        {searching && <option value="RELEVANCE">{t('library.bestMatch')}</option>}
        {sorts.map((sort) => (
          <option key={sort.id} value={sort.id}>
            {t(sort.text)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ViewSwitch({ search, onChange, className }: Part & { className: string }) {
  const { view, ...rest } = search;
  const option = (list: boolean) => cx('grid w-10 place-items-center rounded-md transition-colors', list === (view === 'list') ? 'bg-raised text-ink shadow-sm' : 'text-muted hover:text-ink');
  return (
    <div role="group" aria-label={t('library.view')} className={cx('rounded-lg border border-line bg-sunk p-1', className)}>
      <button type="button" aria-pressed={view !== 'list'} aria-label={t('library.covers')} className={option(false)} onClick={() => onChange(rest)}>
        <LayoutGrid className="size-4.5" />
      </button>
      <button type="button" aria-pressed={view === 'list'} aria-label={t('library.list')} className={option(true)} onClick={() => onChange({ ...rest, view: 'list' })}>
        <List className="size-4.5" />
      </button>
    </div>
  );
}

/** The same on a phone, where there is room for one of the two. */
function ViewToggle({ search, onChange }: Part) {
  const { view, ...rest } = search;
  const Icon = view === 'list' ? LayoutGrid : List;
  return (
    <Button size="icon" className="size-9! sm:hidden" aria-label={view === 'list' ? t('library.showAsCovers') : t('library.showAsAList')} onClick={() => onChange(view === 'list' ? rest : { ...rest, view: 'list' })}>
      <Icon className="size-4.5" />
    </Button>
  );
}
