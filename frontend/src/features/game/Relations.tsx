import { Link } from '@tanstack/react-router';
import { Cover } from '@/shared/covers/Cover';
import { titleOf, words } from '@/shared/format/words';
import type { GameFull } from './Hero';
import { t } from './texts';

/** Other games of one's own that belong to this one. */
export function Relations({ relations }: { relations: NonNullable<GameFull['relations']> }) {
  if (!relations.length) return null;
  return (
    <section aria-labelledby="relations">
      <h2 id="relations" className="mb-3 text-2xl">
        {t('game.belongsToIt')}
      </h2>
      <ul className="grid gap-3 sm:grid-cols-2">
        {relations.map(({ kind, game }) => (
          <li key={game.id}>
            <Link to="/games/$gameId" params={{ gameId: game.id }} className="flex items-center gap-4 rounded-xl border border-line bg-surface p-3 hover:border-edge">
              <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-10 shrink-0 rounded" />
              <span className="min-w-0">
                <span className="block truncate font-semibold">{titleOf(game)}</span>
                <span className="block text-sm text-muted">{[words(kind), game.releaseYear].filter(Boolean).join(', ')}</span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
