import { Link, getRouteApi } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useQuery } from 'urql';
import { TonightDocument, TonightGenresDocument, type TonightQuery } from '@/gql/tonight';
import { say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { Cover } from '@/shared/covers/Cover';
import { paletteOf } from '@/shared/covers/design';
import { reasonText } from '@/shared/format/reasons';
import { playtime } from '@/shared/format/time';
import { titleOf } from '@/shared/format/words';
import { Button, buttonClass } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { inputClass } from '@/shared/ui/Field';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { reveal } from '@/shared/ui/reveal';
import { t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

const route = getRouteApi('/app/tonight');
type Pick = NonNullable<TonightQuery['recommendGames']>[number];

/** What to play, and why. The reasons are the hub's. */
export function TonightScreen() {
  const { wish, genre } = route.useSearch();
  const navigate = route.useNavigate();
  const say = useSay();
  const [text, setText] = useState(wish ?? '');
  const variables = { criteria: wish ?? null, genre: genre ?? null, limit: 9 };
  const [{ data, error, fetching }, again] = useQuery({ query: TonightDocument, variables });
  const [{ data: stats }] = useQuery({ query: TonightGenresDocument });
  useTitle(t('nav.tonight'));
  const ask = (event: FormEvent) => {
    event.preventDefault();
    void navigate({ search: { ...(text.trim() ? { wish: text.trim() } : {}), ...(genre ? { genre } : {}) } });
  };
  const pickGenre = (id: string) => void navigate({ search: { ...(wish ? { wish } : {}), ...(genre === id ? {} : { genre: id }) }, replace: true, resetScroll: false });
  const picks = data?.recommendGames ?? [];
  const genres = stats?.libraryStats?.byGenre ?? [];
  const [first, ...rest] = picks;
  return (
    <div className="mx-auto max-w-[1200px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <h1 className="text-4xl font-extrabold sm:text-5xl">{say('tonight.title')}</h1>
      <form onSubmit={ask} className="mt-6 flex max-w-2xl gap-3">
        <input aria-label={say('tonight.mood')} value={text} onChange={(event) => setText(event.target.value)} placeholder={t('tonight.somethingShortAndCosyUnder')} className={cx(inputClass, 'h-12 flex-1 rounded-xl')} />
        <Button type="submit" look="primary" busy={fetching && Boolean(data)} className="h-12 rounded-xl">
          <Sparkles className="size-4.5" aria-hidden="true" />
          {t('tonight.ask')}
        </Button>
      </form>
      {/* One line, whether they are here already or not: what is picked stays where it is. */}
      <div className="-mx-1 mt-3 h-12">
        {genres.length > 0 && (
          <div role="group" aria-label={t('tonight.genre')} className="flex gap-2 overflow-x-auto p-1 [scrollbar-width:thin]">
            {genres.slice(0, 12).map((entry) => (
              <button
                key={entry.id}
                type="button"
                onFocus={reveal}
                aria-pressed={genre === entry.id}
                onClick={() => pickGenre(entry.id)}
                className={cx('h-8 shrink-0 rounded-full border px-3.5 text-sm font-semibold transition-colors', genre === entry.id ? 'border-transparent bg-lamp text-lamp-ink' : 'border-line bg-surface text-muted hover:border-edge hover:text-ink')}
              >
                {entry.label}
              </button>
            ))}
          </div>
        )}
      </div>
      <div className="mt-5" aria-busy={fetching}>
        {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>}
        {fetching && !data && <Loading className="h-72 rounded-2xl" />}
        {!fetching && !error && picks.length === 0 && (
          <Empty title={t('tonight.nothingComesToMind')} action={<Link to="/platforms" className={buttonClass('primary')}>{t('tonight.connectAPlatform')}</Link>}>
            {t('tonight.theDjinnCanOnlyPick')}
          </Empty>
        )}
        {first && <TopPick pick={first} />}
        {rest.length > 0 && (
          <ul className="mt-8 grid gap-x-8 sm:grid-cols-2">
            {rest.map((pick) => (
              <Runner key={pick.game.id} pick={pick} />
            ))}
          </ul>
        )}
      </div>
      <div className={cx('mt-8', fetching && !data && 'hidden')}>
        <ViewQuery document={TonightDocument} variables={variables} />
      </div>
    </div>
  );
}

const length = (pick: Pick): string | null => (pick.game.mainStoryMinutes ? t('tonight.aboutForTheStory', { mainStoryMinutes: playtime(pick.game.mainStoryMinutes) }) : null);

function TopPick({ pick }: { pick: Pick }) {
  const { game } = pick;
  const { deep, ink, dark, paper } = paletteOf(titleOf(game));
  return (
    <Link to="/games/$gameId" params={{ gameId: game.id }} className="appear group grid overflow-hidden rounded-2xl shadow-card sm:grid-cols-[14rem_1fr]" style={dark ? { background: deep, color: ink } : { background: `light-dark(${paper}, ${ink})`, color: `light-dark(${ink}, ${paper})` }}>
      <Cover title={titleOf(game)} url={game.coverUrl} eager className="mx-auto w-44 self-end sm:mx-0 sm:w-full" />
      <span className="flex flex-col justify-center p-6 sm:p-10">
        <span className="font-display text-3xl font-extrabold leading-none sm:text-5xl">{titleOf(game)}</span>
        <span className="mt-3 text-sm font-semibold">{[game.releaseYear, game.genres?.slice(0, 3).join(', '), length(pick)].filter(Boolean).join(', ')}</span>
        {game.summary && <span className="mt-4 line-clamp-3 max-w-prose text-pretty">{game.summary}</span>}
        <Reasons pick={pick} className="mt-5 text-base" />
      </span>
    </Link>
  );
}

function Runner({ pick }: { pick: Pick }) {
  const { game } = pick;
  return (
    <li className="border-t border-line">
      <Link to="/games/$gameId" params={{ gameId: game.id }} className="group flex gap-4 rounded-lg py-4">
        <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-16 shrink-0 self-start rounded-md" />
        <span className="min-w-0">
          <span className="block text-base font-semibold group-hover:underline">{titleOf(game)}</span>
          <span className="block text-sm text-muted">{[game.releaseYear, length(pick)].filter(Boolean).join(', ')}</span>
          <Reasons pick={pick} className="mt-1.5 text-sm" />
        </span>
      </Link>
    </li>
  );
}

function Reasons({ pick, className }: { pick: Pick; className: string }) {
  return (
    <span className={cx('block space-y-1', className)}>
      {pick.reasons.map((reason) => (
        <span key={reason.kind + reason.text} className="flex gap-2">
          <Sparkles className="mt-1 size-3.5 shrink-0" aria-hidden="true" />
          {reasonText(reason)}
        </span>
      ))}
    </span>
  );
}
