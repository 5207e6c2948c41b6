import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy, useEffect } from 'react';
import { useQuery } from 'urql';
import { PatternsDocument, type PatternPeriod } from '@/gql/insights';
import { say as inWords } from '@/shared/api/problems';
import { useContent, type Block } from '@/shared/content/Content';
import { count, onDay, playtime } from '@/shared/format/time';
import { cx } from '@/shared/ui/classes';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { drawings, Figures, Unknown } from './blocks';
import { periods, thisYear } from './periods';

const Year = lazy(() => import('./Year'));
const route = getRouteApi('/app/insights');

/** What is shown besides what the hub's interface names. */
const more: Block[] = ['hours-by-month', 'hours-by-weekday', 'by-genre', 'by-platform', 'top-games', 'time-spent'].map((kind) => ({ id: kind, kind, text: null, options: null }));
const names: Record<string, string> = { 'hours-by-month': 'By month', 'hours-by-weekday': 'By day of the week', 'by-genre': 'By genre', 'by-platform': 'By platform', 'top-games': 'Played most', 'time-spent': 'Time spent against the time stories take' };
const optionsOf = (block: Block): Record<string, unknown> => (typeof block.options === 'object' && block.options !== null ? (block.options as Record<string, unknown>) : {});

/** How one plays: blocks that the hub's interface names, and a year in review. */
export function InsightsScreen() {
  const { period = 'LAST_365_DAYS', year } = route.useSearch();
  const navigate = route.useNavigate();
  const { ui, say } = useContent();
  const variables = { library: null, period };
  const [{ data, error, fetching }, again] = useQuery({ query: PatternsDocument, variables, requestPolicy: 'cache-and-network' });
  useEffect(() => {
    document.title = 'Insights · Game Djinn';
  }, []);
  const page = ui?.pages.find((one) => one.id === 'insights');
  const named = page?.blocks ?? [];
  const blocks = [...named, ...more.filter((block) => !named.some((one) => one.kind === block.kind))];
  const patterns = data?.analyzeGamingPatterns;
  return (
    <div className="mx-auto max-w-[1300px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <div className="mb-6 flex flex-wrap items-end gap-4">
        <h1 className="flex-1 text-4xl font-extrabold">{say(page?.text ?? 'nav.insights')}</h1>
        <label>
          <span className="sr-only">Time to look at</span>
          <select value={period} onChange={(event) => void navigate({ search: (old) => ({ ...old, period: event.target.value as PatternPeriod }), replace: true, resetScroll: false })} className="h-10 rounded-lg border border-edge/60 bg-raised px-3 font-semibold">
            {periods.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {fetching && !data && <div role="status" aria-label="Loading" className="skeleton h-72 rounded-2xl" />}
      {patterns && (
        <>
          <p className="mb-5 text-muted">
            {onDay(patterns.from)} to {onDay(patterns.to)}
          </p>
          <Figures
            figures={[
              ['played', patterns.minutes ? playtime(patterns.minutes) : '0 h'],
              ['days with play', count(patterns.daysPlayed)],
              ['games played', count(patterns.gamesPlayed)],
              ...(patterns.undatedMinutes ? ([['before anybody looked', playtime(patterns.undatedMinutes)]] as [string, string][]) : []),
            ]}
          />
          {patterns.minutes === 0 && patterns.backlog.games === 0 && <Empty title="Nothing to tell yet">Hours by day are known from the first sync on, which sees what grows.</Empty>}
          <div className="mt-8 grid gap-5 [grid-auto-flow:dense] lg:grid-cols-2">
            {blocks.map((block) => {
              const draw = drawings[block.kind];
              return (
                <section key={block.id} aria-labelledby={`block-${block.id}`} data-block={block.kind} className={cx('min-w-0 rounded-2xl border border-line bg-surface p-5 shadow-card', (block.kind === 'hours-by-day' || block.kind === 'backlog') && 'lg:col-span-2')}>
                  <h2 id={`block-${block.id}`} className="mb-4 text-xl">
                    {block.text ? say(block.text) : (names[block.kind] ?? block.id)}
                  </h2>
                  {draw ? draw(patterns, optionsOf(block)) : <Unknown kind={block.kind} options={optionsOf(block)} />}
                </section>
              );
            })}
          </div>
        </>
      )}
      <Suspense fallback={<div className="skeleton mt-8 h-64 rounded-2xl" />}>
        <Year year={year ?? thisYear} onYear={(next) => void navigate({ search: (old) => ({ ...old, year: next }), replace: true, resetScroll: false })} />
      </Suspense>
      <div className="mt-8">
        <ViewQuery document={PatternsDocument} variables={variables} />
      </div>
    </div>
  );
}
