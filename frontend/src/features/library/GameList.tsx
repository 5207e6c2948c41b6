import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import { Heart } from 'lucide-react';
import { useEffect } from 'react';
import { Cover } from '@/shared/covers/Cover';
import { ago, playtime } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import type { ViewProps } from './GameGrid';
import { useGeometry } from './useGeometry';
import { useRoving } from './useRoving';
import { titleOf } from '@/shared/format/words';

const ROW = 68;
const grid = 'grid grid-cols-[2.5rem_minmax(0,1fr)_auto] items-center gap-4 px-3 lg:grid-cols-[2.5rem_minmax(0,1fr)_7rem_7.5rem_6rem_8rem_3rem]';

/** The same games with more facts and fewer pictures. */
export function GameList({ games, total, onWant }: ViewProps) {
  const { box, geometry } = useGeometry();
  const shown = total ?? 12;
  const virtual = useWindowVirtualizer({ count: shown, estimateSize: () => ROW, overscan: 8, scrollMargin: geometry.top });
  const { current, onKeyDown, onFocusIndex } = useRoving(shown, 1, (index) => virtual.scrollToIndex(index, { align: 'auto' }));
  const items = virtual.getVirtualItems();
  const lastSeen = items.at(-1)?.index ?? 0;
  useEffect(() => onWant(lastSeen + 10), [onWant, lastSeen, games.length]);
  return (
    <div>
      <div aria-hidden="true" className={`${grid} hidden border-b border-line pb-2 text-xs font-semibold text-muted lg:grid`}>
        <span />
        <span>Title</span>
        <span>Where</span>
        <span>Status</span>
        <span className="text-right">Played</span>
        <span>Last time</span>
        <span className="text-right">Score</span>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the rows hold the focus, one at a time */}
      <div ref={box} role="grid" aria-label="Games" aria-rowcount={shown} onKeyDown={onKeyDown} className="relative" style={{ height: shown * ROW }}>
        {items.map((item) => {
          const game = games[item.index];
          const style = { height: ROW, transform: `translateY(${item.start - geometry.top}px)` };
          if (!game) {
            return (
              <div key={item.key} role="row" className="absolute inset-x-0 top-0 flex items-center px-3" style={style}>
                <div role="gridcell" aria-label="Loading" className="skeleton h-10 w-full" />
              </div>
            );
          }
          const platforms = [...new Map((game.copies ?? []).map((copy) => [copy.platform.id, copy.platform.name]))];
          return (
            <div key={item.key} role="row" aria-rowindex={item.index + 1} className="absolute inset-x-0 top-0 border-b border-line" style={style}>
              <div role="gridcell" className="h-full">
                <Link
                  to="/games/$gameId"
                  params={{ gameId: game.id }}
                  data-game-index={item.index}
                  tabIndex={item.index === current ? 0 : -1}
                  onFocus={() => onFocusIndex(item.index)}
                  className={`${grid} h-full rounded-lg outline-offset-[-2px] transition-colors hover:bg-surface`}
                >
                  <Cover title={titleOf(game)} url={game.coverUrl} className="w-9 rounded" />
                  <span className="min-w-0">
                    <span className="flex items-center gap-2">
                      <span className="truncate font-semibold">{titleOf(game)}</span>
                      {game.favourite && <Heart className="size-3.5 shrink-0 fill-current text-bad" aria-label="Favourite" />}
                    </span>
                    <span className="block truncate text-xs text-muted">{[game.releaseYear, game.status?.name].filter(Boolean).join(', ')}</span>
                  </span>
                  <span className="flex gap-1">
                    {platforms.map(([id, name]) => (
                      <PlatformMark key={id} name={name} />
                    ))}
                  </span>
                  <span className="hidden truncate text-sm lg:block">{game.status?.name}</span>
                  <span className="numbers hidden text-right text-sm lg:block">{game.playtimeMinutes ? playtime(game.playtimeMinutes) : <span className="text-muted">–</span>}</span>
                  <span className="hidden truncate text-sm text-muted lg:block">{game.lastPlayedAt ? ago(game.lastPlayedAt) : 'Never'}</span>
                  <span className="numbers hidden text-right text-sm font-semibold lg:block">{game.criticScore ?? ''}</span>
                </Link>
              </div>
            </div>
          );
        })}
      </div>
    </div>
  );
}
