import { getRouteApi } from '@tanstack/react-router';
import { Suspense, lazy } from 'react';
import { useQuery } from 'urql';
import { PatternsDocument, type PatternPeriod } from '@/gql/insights';
import { say as inWords } from '@/shared/api/problems';
import { useContent, type Block } from '@/shared/content/Content';
import { count, onDay, playtime } from '@/shared/format/time';
import { cx } from '@/shared/ui/classes';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { drawings, Figures, ofPlay, Unknown } from './blocks';
import { periods, thisYear } from './periods';
import { t, type TextKey } from './texts';
import { useTitle } from '@/shared/content/useTitle';

const Year = lazy(() => import('./Year'));
const route = getRouteApi('/app/insights');

/** What is shown besides what the hub's interface names. */
const more: Block[] = ['hours-by-month', 'hours-by-weekday', 'by-genre', 'by-platform', 'top-games', 'time-spent'].map((kind) => ({ id: kind, kind, text: null, options: null }));
const names: Record<string, TextKey> = { 'hours-by-month': 'block.hours-by-month', 'hours-by-weekday': 'block.hours-by-weekday', 'by-genre': 'block.by-genre', 'by-platform': 'block.by-platform', 'top-games': 'block.top-games', 'time-spent': 'block.time-spent' };
/** Blocks as wide as the page: what has many days, and what is a line of figures beside which a chart would leave a hole. */
const titleOf = (block: Block): string => {
  const key = names[block.kind];
  return key ? t(key) : block.id;
};
const whole = new Set(['hours-by-day', 'backlog', 'streaks', 'time-spent']);
const optionsOf = (block: Block): Record<string, unknown> => (typeof block.options === 'object' && block.options !== null ? (block.options as Record<string, unknown>) : {});

/** How one plays: blocks that the hub's interface names, and a year in review. */
export function InsightsScreen() {
  const { period = 'LAST_365_DAYS', year } = route.useSearch();
  const navigate = route.useNavigate();
  const { ui, settled, say } = useContent();
  const variables = { library: null, period };
  const [{ data, error, fetching }, again] = useQuery({ query: PatternsDocument, variables, requestPolicy: 'cache-and-network' });
  useTitle(t('nav.insights'));
  const page = ui?.pages.find((one) => one.id === 'insights');
  const named = page?.blocks ?? [];
  const blocks = [...named, ...more.filter((block) => !named.some((one) => one.kind === block.kind))];
  // The hub says which blocks there are and in what order: until it has, none has its place.
  const patterns = settled ? data?.analyzeGamingPatterns : undefined;
  const waiting = (fetching && !data) || !settled;
  return (
    <div className="mx-auto max-w-[1300px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <div className="mb-6 flex flex-wrap items-end gap-4">
        <h1 className="flex-1 text-4xl font-extrabold">{say(page?.text ?? 'nav.insights')}</h1>
        <label>
          <span className="sr-only">{t('insights.timeToLookAt')}</span>
          <select value={period} onChange={(event) => void navigate({ search: (old) => ({ ...old, period: event.target.value as PatternPeriod }), replace: true, resetScroll: false })} className="h-10 rounded-lg border border-edge/60 bg-raised px-3 font-semibold">
            {periods.map((one) => (
              <option key={one.id} value={one.id}>
                {t(one.text)}
              </option>
            ))}
          </select>
        </label>
      </div>
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
      {waiting && <Loading className="h-72 rounded-2xl" />}
      {patterns && (
        <>
          <p className="mb-5 text-muted">
            {t('insights.to', { from: onDay(patterns.from), to: onDay(patterns.to) })}
          </p>
          {patterns.minutes > 0 ? (
            <Figures
              figures={[
                [t('insights.fPlayed'), playtime(patterns.minutes)],
                [t('insights.fDaysWithPlay'), count(patterns.daysPlayed)],
                [t('insights.fGamesPlayed'), count(patterns.gamesPlayed)],
                ...(patterns.undatedMinutes ? ([[t('insights.fUndated'), playtime(patterns.undatedMinutes)]] as [string, string][]) : []),
              ]}
            />
          ) : (
            <Empty title={t('insights.nothingPlayed')}>{patterns.undatedMinutes > 0 ? t('insights.countsFromAndBefore', { hours: playtime(patterns.undatedMinutes) }) : t('insights.countsFrom')}</Empty>
          )}
          <div className="mt-8 grid gap-5 [grid-auto-flow:dense] lg:grid-cols-2">
            {blocks.filter((block) => patterns.minutes > 0 || !ofPlay.has(block.kind)).map((block) => {
              const draw = drawings[block.kind];
              return (
                <section key={block.id} aria-labelledby={`block-${block.id}`} data-block={block.kind} className={cx('min-w-0 rounded-2xl border border-line bg-surface p-5 shadow-card', whole.has(block.kind) && 'lg:col-span-2')}>
                  <h2 id={`block-${block.id}`} className="mb-4 text-xl">
                    {block.text ? say(block.text) : titleOf(block)}
                  </h2>
                  {draw ? draw(patterns, optionsOf(block)) : <Unknown kind={block.kind} options={optionsOf(block)} />}
                </section>
              );
            })}
          </div>
        </>
      )}
      {/* What stands below appears once what is above has its height: nothing that one looks at moves. */}
      <div className={waiting ? 'hidden' : undefined}>
        <Suspense fallback={<div data-loading="" className="peer skeleton mt-8 h-64 rounded-2xl" />}>
          <Year year={year ?? thisYear} onYear={(next) => void navigate({ search: (old) => ({ ...old, year: next }), replace: true, resetScroll: false })} />
        </Suspense>
        <div className="mt-8 peer-data-loading:hidden">
          <ViewQuery document={PatternsDocument} variables={variables} />
        </div>
      </div>
    </div>
  );
}
