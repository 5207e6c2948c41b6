import { useId } from 'react';
import { useQuery } from 'urql';
import { GamePlayDaysDocument } from '@/gql/game';
import { say } from '@/shared/api/problems';
import { playtime } from '@/shared/format/time';
import { Fault } from '@/shared/ui/Notice';
import { barsOf, type Step } from './days';
import { perLocale, t } from './texts';

const utc = (options: Intl.DateTimeFormatOptions) => perLocale((locale) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }));
const whole = utc({ dateStyle: 'medium' });
const month = utc({ month: 'long', year: 'numeric' });
const stepNames = { day: 'game.byDay', week: 'game.byWeek', month: 'game.byMonth' } as const;
const charts = { day: 'game.chartDay', week: 'game.chartWeek', month: 'game.chartMonth' } as const;
const nameOf = (from: string, step: Step): string => (step === 'month' ? month().format(new Date(from)) : step === 'week' ? t('game.weekOf', { value: whole().format(new Date(from)) }) : whole().format(new Date(from)));

/** When it was played: bars as wide as the page, and the same as a table. */
export function PlayDays({ id }: { id: string }) {
  const heading = useId();
  const [{ data, error, fetching }, again] = useQuery({ query: GamePlayDaysDocument, variables: { id }, requestPolicy: 'cache-and-network' });
  const days = data?.game?.playByDay;
  if (!days?.nodes.length) return error && !fetching ? <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{t('game.theDaysOfPlay', { error: say(error) })}</Fault> : null;
  const { step, bars } = barsOf(days.nodes);
  const most = Math.max(...bars.map((bar) => bar.minutes), 1);
  const known = days.nodes.reduce((sum, day) => sum + day.minutes, 0);
  const first = days.nodes.at(-1)?.day ?? '';
  const last = days.nodes[0]?.day ?? '';
  const summary = t('game.onDays', { time: playtime(known), days: days.totalCount > days.nodes.length ? t('game.theLatestOfDays', { length: days.nodes.length, count: days.totalCount }) : t('unit.days', { count: days.totalCount }) });
  const inSteps = t(stepNames[step]);
  return (
    <section aria-labelledby={heading}>
      <h2 id={heading} className="mb-1 text-2xl">
        {t('game.whenYouPlayed')}
      </h2>
      <p className="numbers mb-4 text-muted">{summary}</p>
      <figure style={{ maxWidth: `max(18rem, ${bars.length * 2.5 + 4}rem)` }}>
        <div className="flex gap-3">
          <div className="flex h-36 min-w-0 flex-1 items-end gap-px border-b border-edge sm:gap-0.5" role="img" aria-label={t(charts[step], { summary, from: whole().format(new Date(first)), to: whole().format(new Date(last)), most: playtime(most) })}>
            {bars.map((bar) => (
              <div key={bar.from} title={`${nameOf(bar.from, step)}: ${playtime(bar.minutes)}`} className="flex h-full min-w-0 max-w-16 flex-1 items-end">
                {bar.minutes > 0 && <div data-bar className="w-full rounded-t-sm bg-teal" style={{ height: `max(3px, ${(bar.minutes / most) * 100}%)` }} />}
              </div>
            ))}
          </div>
          <div aria-hidden="true" className="numbers flex h-36 flex-col justify-between text-xs text-muted">
            <span>{playtime(most)}</span>
            <span>0</span>
          </div>
        </div>
        <figcaption className="numbers mt-1.5 flex justify-between gap-4 text-xs text-muted">
          <span>{whole().format(new Date(first))}</span>
          <span>{inSteps}</span>
          {last !== first && <span className="mr-9">{whole().format(new Date(last))}</span>}
        </figcaption>
      </figure>
      <details className="mt-3 text-sm">
        <summary id={`${heading}-days`} className="w-fit rounded-md px-1 py-1 font-semibold text-muted hover:text-ink">{t('game.theDays')}</summary>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolled table must be reachable by keyboard */}
        <div role="region" aria-labelledby={`${heading}-days`} tabIndex={0} className="mt-2 max-h-64 max-w-sm overflow-auto rounded-lg border border-line">
          <table className="numbers w-full text-left">
            <thead className="sticky top-0 bg-sunk text-muted">
              <tr>
                <th scope="col" className="px-3 py-1.5 font-semibold">
                  {t('game.dayUtc')}
                </th>
                <th scope="col" className="px-3 py-1.5 text-right font-semibold">
                  {t('game.played')}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {days.nodes.map((day) => (
                <tr key={day.day}>
                  <th scope="row" className="px-3 py-1 font-medium">
                    {whole().format(new Date(day.day))}
                  </th>
                  <td className="px-3 py-1 text-right">{playtime(day.minutes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </section>
  );
}
