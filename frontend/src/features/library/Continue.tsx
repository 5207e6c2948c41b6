import { Link } from '@tanstack/react-router';
import { useQuery } from 'urql';
import { RecentlyPlayedDocument } from '@/gql/library';
import { Cover } from '@/shared/covers/Cover';
import { paletteOf } from '@/shared/covers/design';
import { useSay } from '@/shared/content/Content';
import { ago, playtime } from '@/shared/format/time';
import { titleOf } from '@/shared/format/words';
import { t } from '@/shared/content/texts';
import { reveal } from '@/shared/ui/reveal';

/** What was played last, one tap away. */
export function Continue() {
  const say = useSay();
  const [{ data, fetching }] = useQuery({ query: RecentlyPlayedDocument, variables: { first: 8 } });
  const games = data?.recentlyPlayed?.filter((game) => game.lastPlayedAt) ?? [];
  if (!fetching && games.length === 0) return null;
  return (
    <section aria-label={t('library.recentlyPlayed')} className="mb-8">
      <h2 className="mb-3 text-lg">{say('library.continue')}</h2>
      <ul className="-mx-4 flex snap-x scroll-px-4 gap-3 overflow-x-auto px-4 pb-2 [scrollbar-width:thin] sm:-mx-6 sm:px-6 lg:mx-0 lg:px-0 lg:pr-12 lg:[mask-image:linear-gradient(to_left,transparent,black_3rem)]">
        {fetching && !data && Array.from({ length: 6 }, (_, i) => <li key={i} className="skeleton h-24 w-64 shrink-0 rounded-xl" />)}
        {games.map((game) => {
          const { paper, ink } = paletteOf(titleOf(game));
          return (
            <li key={game.id} className="shrink-0 snap-start">
              <Link onFocus={reveal} to="/games/$gameId" params={{ gameId: game.id }} className="group flex h-24 w-64 overflow-hidden rounded-xl shadow-card transition-transform duration-200 hover:-translate-y-0.5" style={{ background: paper, color: ink }}>
                <Cover title={titleOf(game)} url={game.coverUrl} picture={game.cover} sizes="64px" bare className="h-full w-16 shrink-0" />
                <span className="flex min-w-0 flex-1 flex-col justify-center px-3.5">
                  <span className="font-display line-clamp-2 text-[1.0625rem] font-bold leading-[1.1]">{titleOf(game)}</span>
                  <span className="numbers mt-1.5 truncate text-xs font-medium">
                    {playtime(game.playtimeMinutes ?? 0)}, {game.lastPlayedAt && ago(game.lastPlayedAt)}
                  </span>
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
