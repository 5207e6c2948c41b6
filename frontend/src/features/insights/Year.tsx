import { Link } from '@tanstack/react-router';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useQuery } from 'urql';
import { YearInReviewDocument } from '@/gql/insights';
import { say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { Cover } from '@/shared/covers/Cover';
import { count, onDay, playtime } from '@/shared/format/time';
import { titleOf } from '@/shared/format/words';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { amount, streakText, Top } from './blocks';
import { thisYear } from './periods';
import { t } from './texts';

/** How a number compares with the year before. */
export function change(now: number, before: number): string {
  if (before === 0) return now === 0 ? t('insights.asBefore') : t('insights.noneBefore');
  const percent = Math.round(((now - before) / before) * 100);
  if (percent === 0) return t('insights.asBefore');
  return t(percent > 0 ? 'insights.more' : 'insights.less', { percent: Math.abs(percent) });
}

/** A year, and how it compares with the one before. */
export default function Year({ year, onYear }: { year: number; onYear: (year: number) => void }) {
  const say = useSay();
  const [{ data, error, fetching }] = useQuery({ query: YearInReviewDocument, variables: { year } });
  const review = data?.yearInReview;
  const figures: [string, string, string][] = review
    ? [
        [t('insights.fPlayed'), amount(review.totals.minutes), change(review.totals.minutes, review.yearBefore.minutes)],
        [t('insights.fGamesPlayed'), count(review.totals.gamesPlayed), change(review.totals.gamesPlayed, review.yearBefore.gamesPlayed)],
        [t('insights.fCompleted'), count(review.totals.completed), change(review.totals.completed, review.yearBefore.completed)],
        [t('insights.fNewGames'), count(review.totals.newGames), change(review.totals.newGames, review.yearBefore.newGames)],
      ]
    : [];
  return (
    <section aria-labelledby="year" aria-busy={fetching} data-loading={fetching && !review ? '' : undefined} className="peer mt-10 rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-8">
      <div className="flex items-center gap-3">
        <h2 id="year" className="flex-1 text-3xl">
          {say('insights.year', { year: String(year) })}
        </h2>
        <Button size="icon" disabled={year <= 1970} onClick={() => onYear(year - 1)} aria-label={`${year - 1}`}>
          <ChevronLeft className="size-5" />
        </Button>
        <Button size="icon" disabled={year >= thisYear} onClick={() => onYear(year + 1)} aria-label={`${year + 1}`}>
          <ChevronRight className="size-5" />
        </Button>
      </div>
      {error && <Fault>{inWords(error)}</Fault>}
      {fetching && !review && <div className="skeleton mt-4 h-40" />}
      {review && (
        <>
          <dl className="mt-6 grid gap-x-8 gap-y-5 sm:grid-cols-2 lg:grid-cols-4">
            {figures.map(([name, value, compared]) => (
              <div key={name}>
                <dt className="text-sm text-muted">{name}</dt>
                <dd className="font-display numbers text-3xl font-bold">{value}</dd>
                <dd className="numbers text-sm text-muted">{compared}</dd>
              </div>
            ))}
          </dl>
          <p className="numbers mt-5 text-sm text-muted">
            {t('insights.longestStreak', { longestStreak: streakText(review.longestStreak) })}
            {review.busiestDay && ` ${t('insights.busiestDay', { day: [onDay(review.busiestDay.day), review.busiestDay.minutes && playtime(review.busiestDay.minutes)].filter(Boolean).join(', '), title: titleOf(review.busiestDay.game) })}`}
          </p>
          <h3 className="mt-6 mb-2 text-lg">{t('insights.playedMost')}</h3>
          <Top games={review.topGames} />
          {review.completedGames.length > 0 && (
            <>
              <h3 className="mt-6 mb-3 text-lg">{t('insights.completed')}</h3>
              <ul className="flex flex-wrap gap-3">
                {review.completedGames.map(({ game, day }) => (
                  <li key={game.id} className="w-20">
                    <Link to="/games/$gameId" params={{ gameId: game.id }} title={`${titleOf(game)}, ${onDay(day)}`} className="block rounded-md">
                      <Cover title={titleOf(game)} url={game.coverUrl} className="rounded-md" />
                      <span className="sr-only">{titleOf(game)}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
