import { useQuery } from 'urql';
import { GameBoardsDocument } from '@/gql/game';
import { count } from '@/shared/format/time';
import { nameOf } from '@/shared/format/words';
import { t } from './texts';

/** The leaderboards of this game, where there are any. */
export function Boards({ id }: { id: string }) {
  const [{ data }] = useQuery({ query: GameBoardsDocument, variables: { id } });
  const boards = data?.game?.boards ?? [];
  if (!boards.length) return null;
  return (
    <section aria-labelledby="boards">
      <h2 id="boards" className="mb-3 text-2xl">
        {t('game.leaderboards')}
      </h2>
      <div className="grid gap-6 sm:grid-cols-2">
        {boards.map((board) => (
          <div key={board.id}>
            <h3 className="text-lg">{board.name}</h3>
            <p className="text-sm text-muted">
              {t(board.order === 'LOWER_IS_BETTER' ? 'game.lowestFirst' : 'game.highestFirst', { entries: t('unit.entries', { count: board.entries }) })}
            </p>
            <ol className="mt-2 divide-y divide-line border-y border-line">
              {board.top.nodes.map((rank) => (
                <li key={rank.player.id} className="numbers flex gap-4 py-2">
                  <span className="font-display w-6 font-bold text-lamp-text">{rank.rank}</span>
                  <span className="flex-1 truncate">{nameOf(rank.player)}</span>
                  <span className="font-semibold">
                    {count(rank.score)}
                    {board.unit && ` ${board.unit}`}
                  </span>
                </li>
              ))}
            </ol>
          </div>
        ))}
      </div>
    </section>
  );
}
