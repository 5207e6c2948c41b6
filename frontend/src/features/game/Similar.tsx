import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { GameSimilarDocument } from '@/gql/game';
import { Cover } from '@/shared/covers/Cover';
import { reasonText } from '@/shared/format/reasons';
import { titleOf } from '@/shared/format/words';
import { t } from './texts';
import { reveal } from '@/shared/ui/reveal';

/** More like this, out of one's own games. It has a query of its own: the page does not wait for it. */
export function Similar({ id }: { id: string }) {
  const [{ data, fetching }] = useQuery({ query: GameSimilarDocument, variables: { id } });
  const similar = data?.game?.similar ?? [];
  if (!fetching && similar.length === 0) return null;
  return (
    <section aria-labelledby="similar">
      <h2 id="similar" className="mb-3 text-2xl">
        {t('game.moreLikeThis')}
      </h2>
      <ul className="-mx-4 flex gap-4 overflow-x-auto px-4 pb-3 [scrollbar-width:thin] sm:mx-0 sm:px-0 sm:pt-1">
        {fetching && !data && Array.from({ length: 5 }, (_, i) => <li key={i} className="skeleton aspect-[2/3] w-32 shrink-0" />)}
        {similar.map(({ game, reasons }) => (
          <li key={game.id} className="w-32 shrink-0">
            <Link onFocus={reveal} to="/games/$gameId" params={{ gameId: game.id }} className="block rounded-lg">
              <Cover title={titleOf(game)} url={game.coverUrl} className="rounded-lg shadow-card transition-transform duration-200 hover:-translate-y-1" />
              <span className="mt-2 block text-sm font-semibold leading-tight">{titleOf(game)}</span>
              <span className="mt-1 block text-xs text-muted text-pretty">{reasons[0] && reasonText(reasons[0])}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
