import { Link } from '@tanstack/react-router';
import { Suspense, lazy, type ReactNode } from 'react';
import type { PatternsQuery } from '@/gql/insights';
import { Cover } from '@/shared/covers/Cover';
import { count, onDay, playtime } from '@/shared/format/time';
import { titleOf, words } from '@/shared/format/words';
import type { ChartProps } from './Charts';
import { perLocale, t } from './texts';

export type Patterns = NonNullable<PatternsQuery['analyzeGamingPatterns']>;
type Draw = (patterns: Patterns, options: Record<string, unknown>) => ReactNode;

const Lazy = lazy(() => import('./Charts'));
const hours = (minutes: number): string => t('time.hours', { n: count(Math.round(minutes / 6) / 10) });
/** A sum of playtime; of none it is a number as well. */
export const amount = (minutes: number): string => (minutes > 0 ? playtime(minutes) : hours(0));
/** A chart; until its code is here, its place with the line below it. */
function Chart(props: Omit<ChartProps, 'height'>) {
  const height = props.kind === 'across' ? Math.max(120, props.rows.length * 34 + 30) : 240;
  return (
    <Suspense fallback={<div className="skeleton mb-8" style={{ height }} />}>
      <Lazy {...props} height={height} />
    </Suspense>
  );
}
const utc = (options: Intl.DateTimeFormatOptions) => perLocale((locale) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }));
const day = utc({ day: 'numeric', month: 'short' });
const month = utc({ month: 'short', year: 'numeric' });
const weekday = utc({ weekday: 'short' });
export const monthName = (text: string): string => month().format(new Date(`${text}-01T00:00:00Z`));
const weekdays = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'];
/** A Monday, for the names of the days. */
const MONDAY = Date.UTC(2024, 0, 1);

/** Every day from the first to the last, also those on which nothing was played. */
export function everyDay(days: readonly { day: string; minutes: number }[], from: string, to: string): { label: string; minutes: number }[] {
  const known = new Map(days.map((one) => [one.day, one.minutes]));
  const last = Date.parse(`${to}T00:00:00Z`);
  const first = Math.max(Date.parse(`${from}T00:00:00Z`), last - 365 * 86_400_000);
  const all: { label: string; minutes: number }[] = [];
  for (let at = first; at <= last; at += 86_400_000) {
    const date = new Date(at);
    all.push({ label: day().format(date), minutes: known.get(date.toISOString().slice(0, 10)) ?? 0 });
  }
  return all;
}

export function Figures({ figures }: { figures: readonly [string, string][] }) {
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-4">
      {figures.map(([name, value]) => (
        <div key={name} className="flex flex-col-reverse">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="font-display numbers text-2xl font-bold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const shares = (list: Patterns['byGenre']) => <Chart kind="across" rows={list.slice(0, 12).map((share) => ({ label: share.label, minutes: share.minutes }))} series={[{ key: 'minutes', name: t('insights.played'), colour: 'teal' }]} show={hours} unit={60} least={240} />;

const whereTo = (monthsLeft: number | null): [string, string] => (monthsLeft === null ? [t('insights.fTheirNumber'), t('insights.itGrows')] : [t('insights.fUntilNone'), t('unit.months', { count: Math.ceil(monthsLeft) })]);

/** What tells of play in the time one looks at, and has nothing to tell when there was none. */
export const ofPlay: ReadonlySet<string> = new Set(['hours-by-day', 'hours-by-weekday', 'hours-by-month', 'by-platform', 'by-genre', 'top-games', 'streaks']);

/** How each kind of block is drawn. What is not here is shown as the card it is. */
export const drawings: Record<string, Draw> = {
  'hours-by-day': (patterns) => <Chart kind="bar" rows={everyDay(patterns.byDay, patterns.from, patterns.to)} series={[{ key: 'minutes', name: t('insights.played'), colour: 'lamp' }]} show={hours} unit={60} least={240} />,
  'hours-by-weekday': (patterns) => (
    <Chart
      kind="bar"
      rows={patterns.byWeekday.map((one) => ({ label: weekday().format(new Date(MONDAY + weekdays.indexOf(one.weekday) * 86_400_000)), minutes: one.minutes }))}
      series={[{ key: 'minutes', name: t('insights.played'), colour: 'lamp' }]}
      show={hours}
      unit={60}
      least={240}
    />
  ),
  'hours-by-month': (patterns) => <Chart kind="bar" rows={patterns.byMonth.map((one) => ({ label: monthName(one.month), minutes: one.minutes }))} series={[{ key: 'minutes', name: t('insights.played'), colour: 'lamp' }]} show={hours} unit={60} least={240} />,
  'by-platform': (patterns) => shares(patterns.byPlatform),
  'by-genre': (patterns) => shares(patterns.byGenre),
  streaks: (patterns) => (
    <Figures
      figures={[
        [t('insights.fLongestStreak'), t('unit.days', { count: patterns.longestStreak?.days ?? 0 })],
        [t('insights.fCurrentStreak'), t('unit.days', { count: patterns.currentStreak?.days ?? 0 })],
        [t('insights.fDaysPlayed'), count(patterns.daysPlayed)],
      ]}
    />
  ),
  backlog: ({ backlog }) => (
    <div className="space-y-5">
      <Figures
        figures={[
          [t('insights.fNeverBegun'), t('unit.games', { count: backlog.games })],
          // Where nobody knows how long they take, that is no number.
          ...(backlog.minutesToBeat > 0 ? ([[t('insights.fStories'), playtime(backlog.minutesToBeat)]] as [string, string][]) : []),
          // Of none there is nothing to say how it goes on.
          ...(backlog.games > 0 ? [whereTo(backlog.monthsLeft)] : []),
        ]}
      />
      <Chart
        kind="line"
        rows={backlog.burnDown.map((one) => ({ label: monthName(one.month), left: one.left, added: one.added, started: one.started, completed: one.completed }))}
        series={[
          { key: 'left', name: t('insights.neverBegun'), colour: 'lamp-text' },
          { key: 'added', name: t('insights.came'), colour: 'edge', dash: '6 4' },
          { key: 'started', name: t('insights.begun'), colour: 'teal' },
          { key: 'completed', name: t('insights.completed'), colour: 'ink', dash: '2 3' },
        ]}
      />
    </div>
  ),
  'time-spent': ({ timeSpent }) => (
    <Figures
      figures={[
        [t('insights.fPlayedOfThem'), amount(timeSpent.minutes)],
        [t('insights.fStoriesTake'), amount(timeSpent.storyMinutes)],
        [t('insights.fTasted'), count(timeSpent.tasted)],
        [t('insights.fUnderWay'), count(timeSpent.underWay)],
        [t('insights.fThrough'), count(timeSpent.through)],
      ]}
    />
  ),
  'top-games': (patterns) => <Top games={patterns.topGames} />,
};

export function Top({ games }: { games: Patterns['topGames'] }) {
  if (!games.length) return <p className="text-muted">{t('insights.nothingWasPlayedInThis')}</p>;
  return (
    <ol className="divide-y divide-line border-y border-line">
      {games.map(({ game, minutes, days }) => (
        <li key={game.id}>
          <Link to="/games/$gameId" params={{ gameId: game.id }} className="flex items-center gap-4 rounded-lg py-2 hover:bg-sunk">
            <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-9 shrink-0 rounded" />
            <span className="min-w-0 flex-1 sm:flex sm:items-center sm:gap-4">
              <span className="line-clamp-2 font-semibold sm:flex-1">{titleOf(game)}</span>
              <span className="numbers block text-sm text-muted">{t('unit.days', { count: days })}</span>
            </span>
            <span className="numbers w-20 text-right font-semibold">{amount(minutes)}</span>
          </Link>
        </li>
      ))}
    </ol>
  );
}

/** A block of a kind that this build does not know: its options, as they are. */
export function Unknown({ kind, options }: { kind: string; options: Record<string, unknown> }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      <dt className="text-muted">{t('insights.kind')}</dt>
      <dd>{words(kind)}</dd>
      {Object.entries(options).map(([key, value]) => (
        <div key={key} className="contents">
          <dt className="text-muted">{words(key)}</dt>
          <dd className="break-words">{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

export const streakText = (streak: Patterns['longestStreak']): string => (streak ? t('insights.streakFromTo', { days: t('unit.days', { count: streak.days }), from: onDay(streak.from), to: onDay(streak.to) }) : t('insights.noStreak'));
