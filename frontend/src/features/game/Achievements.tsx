import { Lock, Trophy } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { GameAchievementsDocument } from '@/gql/game';
import { count, onDay } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';

const FEW = 8;
const rarity = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/** What there is to achieve, and what was. */
export function Achievements({ id }: { id: string }) {
  const [first, setFirst] = useState(FEW);
  const [{ data, fetching }] = useQuery({ query: GameAchievementsDocument, variables: { id, first } });
  const all = data?.game?.achievements;
  if (!all?.total) return null;
  const share = Math.round((all.unlocked / all.total) * 100);
  return (
    <section aria-labelledby="achievements">
      <h2 id="achievements" className="mb-3 text-2xl">
        Achievements
      </h2>
      <div className="mb-4 flex items-center gap-4">
        <div role="progressbar" aria-label="Unlocked" aria-valuenow={share} aria-valuemin={0} aria-valuemax={100} className="h-2.5 flex-1 overflow-hidden rounded-full bg-sunk">
          <div className="h-full rounded-full bg-lamp" style={{ width: `${share}%` }} />
        </div>
        <p className="numbers font-semibold">
          {count(all.unlocked)} of {count(all.total)}
        </p>
      </div>
      <ul className="divide-y divide-line border-y border-line">
        {all.nodes.map((one) => (
          <li key={one.id} className="flex items-center gap-4 py-2.5">
            <span className={cx('grid size-9 shrink-0 place-items-center rounded-lg', one.unlocked ? 'bg-lamp-wash text-lamp-text' : 'bg-chip text-muted')}>
              {one.unlocked ? <Trophy className="size-4.5" aria-hidden="true" /> : <Lock className="size-4" aria-hidden="true" />}
            </span>
            <span className="min-w-0 flex-1">
              <span className={cx('block font-semibold', !one.unlocked && 'text-muted')}>{one.name}</span>
              {one.description && <span className="block text-sm text-muted text-pretty">{one.description}</span>}
            </span>
            <PlatformMark name={one.platform.name} />
            <span className="numbers w-28 text-right text-sm text-muted">
              <span className="block">{one.unlocked ? (one.unlockedAt ? onDay(one.unlockedAt) : 'Unlocked') : 'Not yet'}</span>
              {one.rarityPercent !== null && <span className="block">{rarity.format(one.rarityPercent)} % have it</span>}
            </span>
          </li>
        ))}
      </ul>
      {all.pageInfo.hasNextPage && (
        <Button size="sm" className="mt-3" busy={fetching} onClick={() => setFirst((old) => Math.min(100, old * 4))} disabled={first >= 100}>
          Show more
        </Button>
      )}
    </section>
  );
}
