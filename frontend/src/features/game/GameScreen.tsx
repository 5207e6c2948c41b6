import { Link, getRouteApi, useRouter } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { Suspense, lazy, useCallback, useEffect } from 'react';
import { useQuery } from 'urql';
import { GamePageDocument } from '@/gql/game';
import { isNoId, say } from '@/shared/api/problems';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { titleOf } from '@/shared/format/words';
import { Achievements } from './Achievements';
import { Boards } from './Boards';
import { Copies } from './Copies';
import { Facts } from './Facts';
import { Hero } from './Hero';
import { Merges } from './Merges';
import { Mine } from './Mine';
import { PlayDays } from './PlayDays';
import { PutInto } from './PutInto';
import { Relations } from './Relations';
import { Similar } from './Similar';
import { StatusHistory } from './StatusHistory';
import { useSay } from '@/shared/content/Content';
import { t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

const Screenshots = lazy(() => import('./Screenshots').then((module) => ({ default: module.Screenshots })));

const route = getRouteApi('/app/games/$gameId');

export function GameScreen() {
  useSay();
  const { gameId } = route.useParams();
  const router = useRouter();
  const [{ data, error: failed, fetching }, again] = useQuery({ query: GamePageDocument, variables: { id: gameId } });
  const error = isNoId(failed) ? undefined : failed;
  const game = data?.game;
  useTitle(game?.title ?? t('game.game'));
  const back = useCallback(() => (router.history.canGoBack() ? router.history.back() : void router.navigate({ to: '/' })), [router]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !(event.target as HTMLElement).closest('input, textarea, select, [role=dialog], [role=listbox]')) back();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [back]);

  if (!game) {
    return (
      <div className="mx-auto max-w-[1200px] px-4 py-8 sm:px-6">
        {error && <h1 className="sr-only">{t('game.game')}</h1>}
        {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
        {fetching && <Skeleton />}
        {!fetching && !error && (
          <Empty
            whole
            title={t('game.thisGameIsNotHere')}
            action={
              <Link to="/" className={buttonClass('primary')}>
                {t('game.toTheLibrary')}
              </Link>
            }
          >
            {t('game.itWasRemovedOrIt')}
          </Empty>
        )}
      </div>
    );
  }
  return (
    <article>
      <Hero
        game={game}
        back={
          <Button look="quiet" size="sm" onClick={back} className="-ml-2 bg-transparent! text-inherit! hover:underline">
            <ArrowLeft className="size-4" aria-hidden="true" />
            {t('game.back')}
          </Button>
        }
      />
      <div className="mx-auto grid max-w-[1200px] gap-x-12 gap-y-10 px-4 py-8 sm:px-6 lg:grid-cols-[minmax(0,1fr)_20rem] lg:px-10 lg:py-12">
        <div className="min-w-0 space-y-12">
          {game.summary && <p className="max-w-[68ch] text-lg leading-relaxed text-pretty">{game.summary}</p>}
          {game.screenshots && game.screenshots.length > 0 && (
            <Suspense fallback={<div className="skeleton h-40" />}>
              <Screenshots pictures={game.screenshots} title={titleOf(game)} />
            </Suspense>
          )}
          <Copies copies={game.copies ?? []} onGone={() => void router.navigate({ to: '/' })} />
          <PlayDays key={`days ${game.id}`} id={game.id} />
          <StatusHistory key={`stood ${game.id}`} id={game.id} />
          <Achievements key={game.id} id={game.id} />
          <Facts game={game} />
          <Relations relations={game.relations ?? []} />
          <PutInto id={game.id} />
          <Merges id={game.id} />
          <Boards id={game.id} />
          <Similar id={game.id} />
          <ViewQuery document={GamePageDocument} variables={{ id: game.id }} />
        </div>
        <aside aria-label={t('game.yours')} className="row-start-1 lg:row-auto">
          <Mine key={game.id} game={game} statuses={data.statuses} />
        </aside>
      </div>
    </article>
  );
}

function Skeleton() {
  return (
    <Loading className="flex gap-8">
      <div className="skeleton aspect-[2/3] w-32 sm:w-56" />
      <div className="flex-1 space-y-4 pt-6">
        <div className="skeleton h-12 w-2/3" />
        <div className="skeleton h-5 w-1/3" />
        <div className="skeleton h-32 w-full" />
      </div>
    </Loading>
  );
}
