import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { Link } from '@tanstack/react-router';
import { Heart } from 'lucide-react';
import { memo, useEffect } from 'react';
import type { GameCardFragment } from '@/gql/library';
import { Cover } from '@/shared/covers/Cover';
import { playtime } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import { gridOf, useGeometry } from './useGeometry';
import { useRoving } from './useRoving';
import { titleOf } from '@/shared/format/words';

export type ViewProps = { games: readonly GameCardFragment[]; total: number | null; onWant: (index: number) => void };

/** Covers in rows. The page is as long as the whole list from the start, so the scrollbar tells the truth. */
export function GameGrid({ games, total, onWant }: ViewProps) {
  const { box, geometry } = useGeometry();
  const { columns, cell, gap, row } = gridOf(geometry.width);
  const shown = total ?? 24;
  const rows = Math.ceil(shown / columns);
  const virtual = useWindowVirtualizer({ count: rows, estimateSize: () => row, overscan: 3, scrollMargin: geometry.top });
  const { current, onKeyDown, onFocusIndex } = useRoving(shown, columns, (index) => virtual.scrollToIndex(Math.floor(index / columns), { align: 'auto' }));
  useEffect(() => virtual.measure(), [virtual, row]);
  const items = virtual.getVirtualItems();
  const lastSeen = ((items.at(-1)?.index ?? 0) + 1) * columns;
  useEffect(() => onWant(lastSeen + columns), [onWant, lastSeen, columns, games.length]);
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the cells hold the focus, one at a time
    <div ref={box} role="grid" aria-label="Games" aria-rowcount={rows} aria-colcount={columns} onKeyDown={onKeyDown} className="relative" style={{ height: rows * row }}>
      {geometry.width > 0 &&
        items.map((item) => (
          <div key={item.key} role="row" aria-rowindex={item.index + 1} className="absolute inset-x-0 top-0 flex" style={{ gap, height: row, transform: `translateY(${item.start - geometry.top}px)` }}>
            {Array.from({ length: Math.min(columns, shown - item.index * columns) }, (_, column) => {
              const index = item.index * columns + column;
              const game = games[index];
              return (
                <div key={game?.id ?? column} role="gridcell" aria-colindex={column + 1} style={{ width: cell }}>
                  {game ? <Cell game={game} index={index} focusable={index === current} onFocusIndex={onFocusIndex} /> : <div className="skeleton aspect-[2/3] rounded-lg" />}
                </div>
              );
            })}
          </div>
        ))}
    </div>
  );
}

type CellProps = { game: GameCardFragment; index: number; focusable: boolean; onFocusIndex: (index: number) => void };

const Cell = memo(function Cell({ game, index, focusable, onFocusIndex }: CellProps) {
  const platforms = [...new Map((game.copies ?? []).map((copy) => [copy.platform.id, copy.platform.name]))];
  return (
    <Link
      to="/games/$gameId"
      params={{ gameId: game.id }}
      data-game-index={index}
      tabIndex={focusable ? 0 : -1}
      onFocus={() => onFocusIndex(index)}
      className="group block rounded-lg outline-offset-4"
    >
      <span className="relative block">
        <Cover title={titleOf(game)} url={game.coverUrl} className="rounded-lg shadow-card transition-transform duration-200 ease-out group-hover:-translate-y-1 group-hover:shadow-float" />
        {game.favourite && (
          <span className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-full bg-black/70 text-[oklch(0.8_0.15_20)] transition-transform duration-200 group-hover:-translate-y-1">
            <Heart className="size-3.5 fill-current" aria-hidden="true" />
            <span className="sr-only">Favourite.</span>
          </span>
        )}
      </span>
      <span className="mt-2 block truncate text-sm font-semibold leading-5">{titleOf(game)}</span>
      <span className="mt-0.5 flex items-center gap-1 overflow-hidden text-xs text-muted">
        {platforms.map(([id, name]) => (
          <PlatformMark key={id} name={name} className="shrink-0 bg-chip text-muted" />
        ))}
        <span className="numbers ml-1 truncate">{game.playtimeMinutes ? playtime(game.playtimeMinutes) : ''}</span>
      </span>
    </Link>
  );
});
