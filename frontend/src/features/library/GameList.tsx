import { Check, Heart } from 'lucide-react';
import { memo } from 'react';
import { Cover } from '@/shared/covers/Cover';
import { ago, playtime } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import { cellOf, chooseByKey, type CellProps, type ViewProps } from '@/shared/games/GameGrid';
import { cx } from '@/shared/ui/classes';
import { useGeometry } from '@/shared/games/useGeometry';
import { useAheadOf } from '@/shared/games/useAheadOf';
import { useNextFrame } from '@/shared/games/useNextFrame';
import { gameHref, useOpening } from '@/shared/games/useOpening';
import { useRoving } from '@/shared/games/useRoving';
import { useRows } from '@/shared/games/useRows';
import { platformName, statusName, titleOf } from '@/shared/format/words';
import { t } from '@/shared/content/texts';

const ROW = 68;
const grid = 'grid grid-cols-[2.5rem_minmax(0,1fr)_auto] items-center gap-4 px-3 lg:grid-cols-[2.5rem_minmax(0,1fr)_8rem_7.5rem_5rem_8rem_3rem]';

/** The same games with more facts and fewer pictures. */
export default function GameList({ games, total, onWant, choosing }: ViewProps) {
  const { box, geometry } = useGeometry();
  const opening = useOpening();
  const shown = total ?? 12;
  const { rows: items, scrollTo } = useRows(shown, ROW, geometry.top, 8);
  const { current, onKeyDown, onFocusIndex } = useRoving(shown, 1, scrollTo);
  const later = useNextFrame(games);
  useAheadOf(items, 1, 30, onWant);
  return (
    <div>
      <div aria-hidden="true" className={`${grid} hidden border-b border-line pb-2 text-xs font-semibold text-muted lg:grid`}>
        <span />
        <span>{t('library.title')}</span>
        <span>{t('library.where')}</span>
        <span>{t('library.status')}</span>
        <span className="text-right">{t('library.played')}</span>
        <span>{t('library.lastTime')}</span>
        <span className="text-right">{t('library.score')}</span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the rows hold the focus, one at a time */}
      <div ref={box} role="grid" aria-label={t('library.games')} aria-rowcount={shown} aria-multiselectable={choosing?.on || undefined} {...opening} onKeyDown={(event) => (chooseByKey(event, games, choosing), onKeyDown(event))} className="relative" style={{ height: shown * ROW }}>
        {items.map((item) => {
          const game = (item.inSight ? games : later)[item.index];
          const style = { height: ROW, transform: `translateY(${item.start}px)` };
          if (!game) {
            return (
              <div key={item.index} role="row" className="absolute inset-x-0 top-0 flex items-center px-3" style={style}>
                <div role="gridcell" aria-label={t('common.loading')} className="skeleton h-10 w-full" />
              </div>
            );
          }
          return (
            <div key={item.index} role="row" aria-rowindex={item.index + 1} aria-selected={choosing?.on ? choosing.ids.has(game.id) : undefined} className="absolute inset-x-0 top-0 border-b border-line" style={style}>
              <div role="gridcell" className="h-full">
                <Line game={game} index={item.index} focusable={item.index === current} onFocusIndex={onFocusIndex} chosen={choosing?.on ? choosing.ids.has(game.id) : null} onChoose={choosing?.choose} />
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}

const Line = memo(function Line({ game, index, focusable, onFocusIndex, chosen, onChoose }: CellProps) {
  const platforms = [...new Map((game.copies ?? []).map((copy) => [copy.platform.id, platformName(copy.platform)]))];
  return (
    <a
      href={gameHref(game.id)}
      data-game-id={game.id}
      {...cellOf({ game, index, focusable, onFocusIndex, chosen, onChoose })}
      className={cx(grid, 'h-full w-full rounded-lg text-left outline-offset-[-2px] transition-colors hover:bg-surface', chosen && 'bg-lamp-wash!')}
    >
      <span className="relative">
        <Cover key={game.coverUrl} title={titleOf(game)} url={game.coverUrl} picture={game.cover} sizes="36px" bare className="w-9 rounded" />
        {chosen !== null && (
          <span aria-hidden="true" className={cx('absolute -top-1 -left-1 grid size-5 place-items-center rounded border-2', chosen ? 'border-lamp bg-lamp text-lamp-ink' : 'border-white/80 bg-black/55')}>
            {chosen && <Check className="size-3.5" strokeWidth={3} />}
          </span>
        )}
      </span>
      <span className="min-w-0">
        <span className="flex items-center gap-2">
          <span className="truncate font-semibold">{titleOf(game)}</span>
          {game.favourite && <Heart className="size-3.5 shrink-0 fill-current text-bad" aria-label={t('library.favourite')} />}
        </span>
        <span className="block truncate text-xs text-muted">
          {game.releaseYear}
          {game.status && <span className="lg:hidden">{`${game.releaseYear ? ', ' : ''}${statusName(game.status)}`}</span>}
        </span>
      </span>
      <span className="hidden truncate text-sm lg:block" title={platforms.map(([, name]) => name).join(', ')}>
        {platforms.map(([, name]) => name).join(', ')}
      </span>
      <span className="flex gap-1 lg:hidden">
        {platforms.map(([id, name]) => (
          <PlatformMark key={id} name={name} />
        ))}
      </span>
      <span className="hidden truncate text-sm lg:block">{game.status && statusName(game.status)}</span>
      <span className="numbers hidden text-right text-sm lg:block">{game.playtimeMinutes ? playtime(game.playtimeMinutes) : <span className="text-muted">–</span>}</span>
      <span className="hidden truncate text-sm text-muted lg:block">{game.lastPlayedAt ? ago(game.lastPlayedAt) : t('library.never')}</span>
      <span className="numbers hidden text-right text-sm font-semibold lg:block">{game.criticScore ?? ''}</span>
    </a>
  );
});
