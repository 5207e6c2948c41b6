import { Check, Heart } from 'lucide-react';
import { memo, type KeyboardEvent, type MouseEvent } from 'react';
import type { GameCardFragment } from '@/gql/library';
import { Cover } from '@/shared/covers/Cover';
import { playtime } from '@/shared/format/time';
import { PlatformMark } from '@/shared/ui/Badge';
import { cx } from '@/shared/ui/classes';
import { gridOf, useGeometry } from './useGeometry';
import { useAheadOf } from './useAheadOf';
import { useNextFrame } from './useNextFrame';
import { gameHref, useOpening } from './useOpening';
import { useRoving } from './useRoving';
import { useRows } from './useRows';
import { platformName, titleOf } from '@/shared/format/words';
import { t } from '@/shared/content/texts';

/** Choosing several games at once. */
export type Choosing = {
  /** Whether a click chooses, rather than opens. */
  on: boolean;
  ids: ReadonlySet<string>;
  /** Chooses or leaves a game; with `range`, all from the one before. */
  choose: (id: string, index: number, range: boolean) => void;
};
export type ViewProps = { games: readonly GameCardFragment[]; total: number | null; onWant: (index: number) => void; choosing?: Choosing };

/** The space bar chooses the game that has the focus, whether or not choosing has begun. */
export function chooseByKey(event: KeyboardEvent, games: readonly GameCardFragment[], choosing: Choosing | undefined): void {
  if (!choosing || event.key !== ' ') return;
  const at = Number((event.target as HTMLElement).closest<HTMLElement>('[data-game-index]')?.dataset.gameIndex ?? Number.NaN);
  const game = games[at];
  if (!game) return;
  event.preventDefault();
  choosing.choose(game.id, at, event.shiftKey);
}

/** Covers in rows. The page is as long as the whole list from the start, so the scrollbar tells the truth. */
export function GameGrid({ games, total, onWant, choosing }: ViewProps) {
  const { box, geometry } = useGeometry();
  const opening = useOpening();
  const { columns, cell, gap, row } = gridOf(geometry.width);
  const shown = total ?? 24;
  const rows = Math.ceil(shown / columns);
  const { rows: items, scrollTo } = useRows(rows, row, geometry.top, 2);
  const { current, onKeyDown, onFocusIndex } = useRoving(shown, columns, (index) => scrollTo(Math.floor(index / columns)));
  const later = useNextFrame(games);
  useAheadOf(items, columns, columns * 4, onWant);
  return (
    // oxlint-disable-next-line jsx-a11y/interactive-supports-focus -- the cells hold the focus, one at a time
    <div ref={box} role="grid" aria-label={t('common.games')} aria-rowcount={rows} aria-colcount={columns} aria-multiselectable={choosing?.on || undefined} {...opening} onKeyDown={(event) => (chooseByKey(event, games, choosing), onKeyDown(event))} className="relative" style={{ height: rows * row }}>
      {geometry.width > 0 &&
        items.map((item) => (
          <div key={item.index} role="row" aria-rowindex={item.index + 1} className="absolute inset-x-0 top-0 flex" style={{ gap, height: row, transform: `translateY(${item.start}px)` }}>
            {Array.from({ length: Math.min(columns, shown - item.index * columns) }, (_, column) => {
              const index = item.index * columns + column;
              const game = (item.inSight ? games : later)[index];
              return (
                // By its place: another game in it changes a few words, and no element is made anew.
                <div key={column} role="gridcell" aria-colindex={column + 1} aria-selected={choosing?.on && game ? choosing.ids.has(game.id) : undefined} style={{ width: cell }}>
                  {game ? <Cell game={game} index={index} focusable={index === current} onFocusIndex={onFocusIndex} chosen={choosing?.on ? choosing.ids.has(game.id) : null} onChoose={choosing?.choose} /> : <div className="skeleton aspect-[2/3] rounded-lg" />}
                </div>
              );
            })}
          </div>
        ))}
    </div>
  );
}

export type CellProps = {
  game: GameCardFragment;
  index: number;
  focusable: boolean;
  onFocusIndex: (index: number) => void;
  /** Whether it is chosen; null while nothing is being chosen. */
  chosen: boolean | null;
  onChoose: Choosing['choose'] | undefined;
};

const Cell = memo(function Cell({ game, index, focusable, onFocusIndex, chosen, onChoose }: CellProps) {
  return (
    <a href={gameHref(game.id)} data-game-id={game.id} {...cellOf({ game, index, focusable, onFocusIndex, chosen, onChoose })} className={cx('group relative block rounded-lg outline-offset-4', chosen && 'ring-3 ring-lamp-text ring-offset-2 ring-offset-bg')}>
      <Face game={game} choosing={chosen !== null} />
      {chosen !== null && (
        // Beside the title: on a drawn cover it would stand in front of it.
        <span aria-hidden="true" className={cx('absolute right-0 bottom-3 grid size-6 place-items-center rounded-md border-2', chosen ? 'border-lamp bg-lamp text-lamp-ink' : 'border-edge bg-surface')}>
          {chosen && <Check className="size-4" strokeWidth={3} />}
        </span>
      )}
    </a>
  );
});

/**
 * What a game's cell has in every view. While games are being chosen it is a button that is pressed
 * or not; it stays the same element, so that the focus stays as well.
 */
export function cellOf({ game, index, focusable, onFocusIndex, chosen, onChoose }: CellProps) {
  const choosing = chosen === null ? {} : { role: 'button', 'aria-pressed': chosen, onClick: (event: MouseEvent) => (event.preventDefault(), onChoose?.(game.id, index, event.shiftKey)) };
  return { 'data-game-index': index, tabIndex: focusable ? 0 : -1, onFocus: () => onFocusIndex(index), ...choosing };
}

function Face({ game, choosing }: { game: GameCardFragment; choosing: boolean }) {
  const platforms = [...new Map((game.copies ?? []).map((copy) => [copy.platform.id, platformName(copy.platform)]))];
  return (
    <>
      <span className="relative block">
        <Cover key={game.coverUrl} title={titleOf(game)} url={game.coverUrl} picture={game.cover} sizes="(min-width: 1000px) 200px, 33vw" className="rounded-lg shadow-card transition-transform duration-200 ease-out group-hover:-translate-y-1 group-hover:shadow-float" />
        {game.favourite && (
          <span className="absolute top-1.5 right-1.5 grid size-6 place-items-center rounded-full bg-black/70 text-[oklch(0.8_0.15_20)] transition-transform duration-200 group-hover:-translate-y-1">
            <Heart className="size-3.5 fill-current" aria-hidden="true" />
            <span className="sr-only">{t('common.favourite')}</span>
          </span>
        )}
      </span>
      <span className={cx('mt-2 block truncate text-sm font-semibold leading-5', choosing && 'pr-8')}>{titleOf(game)}</span>
      <span className={cx('mt-0.5 flex items-center gap-1 overflow-hidden text-xs text-muted', choosing && 'pr-8')}>
        {platforms.map(([id, name]) => (
          <PlatformMark key={id} name={name} className="shrink-0 bg-chip text-muted" />
        ))}
        <span className="numbers ml-1 truncate">{game.playtimeMinutes ? playtime(game.playtimeMinutes) : ''}</span>
      </span>
    </>
  );
}
