import { EyeOff, Lock, Trophy } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { GameAchievementsDocument } from '@/gql/game';
import { platformName } from '@/shared/format/words';
import { say } from '@/shared/api/problems';
import { count, onDay } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { cx } from '@/shared/ui/classes';
import { perLocale, t } from './texts';

const FEW = 8;
const MORE = 50;
const rarity = perLocale((locale) => new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }));

type Part = { id: string; first: number; after: string | null };
const usePart = ({ id, first, after }: Part) => useQuery({ query: GameAchievementsDocument, variables: { id, first, after } });

/** What there is to achieve, and what was; what is secret the hub keeps to itself. */
export function Achievements({ id }: { id: string }) {
  // Where each page begins; all are kept, so what is read stays where it is.
  const [begins, setBegins] = useState<(string | null)[]>([null]);
  const after = begins.at(-1) ?? null;
  const [{ data, error, fetching }, again] = usePart({ id, first: after ? MORE : FEW, after });
  const all = data?.game?.achievements;
  const retry = () => again({ requestPolicy: 'network-only' });
  if (!all?.total) return error && !fetching ? <Fault onRetry={retry}>{t('game.achievements', { error: say(error) })}</Fault> : null;
  const share = Math.round((all.unlocked / all.total) * 100);
  const { hasNextPage, endCursor } = all.pageInfo;
  return (
    <section aria-labelledby="achievements">
      <h2 id="achievements" className="mb-3 text-2xl">
        {t('game.achievements2')}
      </h2>
      <div className="mb-4 flex items-center gap-4">
        <div role="progressbar" aria-label={t('game.unlocked')} aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} className="h-2.5 flex-1 overflow-hidden rounded-full bg-sunk">
          <div className="h-full rounded-full bg-lamp" style={{ width: `${share}%` }} />
        </div>
        <p className="numbers font-semibold">
          {t('game.of', { unlocked: count(all.unlocked), total: count(all.total) })}
        </p>
      </div>
      <ul className="divide-y divide-line border-y border-line">
        {begins.map((begin) => (
          <Rows key={begin ?? ''} id={id} first={begin ? MORE : FEW} after={begin} />
        ))}
      </ul>
      {error && <Fault onRetry={retry}>{say(error)}</Fault>}
      {hasNextPage && endCursor && (
        <Button size="sm" className="mt-3" busy={fetching} onClick={() => setBegins((old) => (old.includes(endCursor) ? old : [...old, endCursor]))}>
          {t('game.showMoreAchievements')}
        </Button>
      )}
    </section>
  );
}

function Rows(part: Part) {
  const [{ data }] = usePart(part);
  return data?.game?.achievements?.nodes.map((one) => {
    const secret = one.hidden && !one.unlocked;
    const Icon = one.unlocked ? Trophy : secret ? EyeOff : Lock;
    return (
      <li key={one.id} className="flex items-center gap-3 py-2.5 sm:gap-4">
        <span className={cx('grid size-9 shrink-0 place-items-center rounded-lg', one.unlocked ? 'bg-lamp-wash text-lamp-text' : 'bg-chip text-muted')}>
          <Icon className="size-4.5" aria-hidden="true" />
        </span>
        <span className="min-w-0 flex-1">
          <span className={cx('block font-semibold', !one.unlocked && 'text-muted')}>{one.name}</span>
          {one.description && <span className="block text-sm text-muted text-pretty">{one.description}</span>}
        </span>
        <PlatformMark name={platformName(one.platform)} />
        <span className="numbers w-24 shrink-0 text-right text-sm text-muted sm:w-28">
          <span className="block">{one.unlocked ? (one.unlockedAt ? onDay(one.unlockedAt) : t('game.unlocked')) : t('game.notYet')}</span>
          {one.rarityPercent !== null && <span className="block">{t('game.haveIt', { rarityPercent: rarity().format(one.rarityPercent) })}</span>}
        </span>
      </li>
    );
  });
}
