import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, ListPlus, Plus } from 'lucide-react';
import { Suspense, lazy, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { CollectionsPageDocument, ReorderCollectionsDocument, type CollectionsPageQuery } from '@/gql/collections';
import { refusal, say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { useViewer } from '@/shared/api/viewer';
import { Cover } from '@/shared/covers/Cover';
import { count } from '@/shared/format/time';
import { titleOf } from '@/shared/format/words';
import { Button, buttonClass } from '@/shared/ui/Button';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { t } from './texts';
import { spokenPhrases } from './words';
import { useTitle } from '@/shared/content/useTitle';

const NewByHand = lazy(() => import('./NewByHand').then((module) => ({ default: module.NewByHand })));

type Listed = NonNullable<CollectionsPageQuery['collections']>['nodes'][number];

/** The player's own shelves: gathered by a rule, or put together by hand. */
export function CollectionsScreen() {
  const { scopes } = useViewer();
  const say = useSay();
  // Where the pages up to this one began: a page more in one question would cost more than one may.
  const [starts, setStarts] = useState<(string | null)[]>([null]);
  const after = starts.at(-1) ?? null;
  const [{ data, error, fetching }, again] = useQuery({ query: CollectionsPageDocument, variables: { after }, requestPolicy: 'cache-and-network' });
  const [{ fetching: moving }, reorder] = useMutation(ReorderCollectionsDocument);
  const [byHand, setByHand] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  useTitle(t('nav.collections'));
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  const shown = data?.collections?.nodes ?? [];
  const page = data?.collections?.pageInfo;
  const move = async (index: number, step: number) => {
    const ids = shown.map((collection) => collection.id);
    const [moved] = ids.splice(index, 1);
    if (moved) ids.splice(index + step, 0, moved);
    const { data: answer, error: failed } = await reorder({ ids });
    setFault(refusal(answer?.reorderCollections.problems, failed));
  };
  return (
    <div className="mx-auto max-w-[1200px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <div className="mb-8 flex flex-wrap items-end gap-3">
        <h1 className="flex-1 basis-full text-4xl font-extrabold sm:basis-0">{say('nav.collections')}</h1>
        {mayWrite && (
          <>
            <Button className="max-sm:flex-1" onClick={() => setByHand(true)}>
              <ListPlus className="size-4.5" aria-hidden="true" />
              {say('collections.byHand')}
            </Button>
            <Link to="/collections/new" className={buttonClass('primary', 'md', 'max-sm:flex-1')}>
              <Plus className="size-4.5" aria-hidden="true" />
              {say('collections.byRule')}
            </Link>
          </>
        )}
      </div>
      {(error || fault) && (
        <div className="mb-6">
          <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{fault ?? inWords(error)}</Fault>
        </div>
      )}
      {fetching && !data && (
        <Loading className="grid gap-4 sm:grid-cols-2">
          {[0, 1, 2, 3].map((i) => (
            <div key={i} className="skeleton h-44 rounded-2xl" />
          ))}
        </Loading>
      )}
      {data && shown.length === 0 && (
        <Empty
          title={t('collections.noCollectionsYet')}
          action={
            mayWrite && (
              <Link to="/collections/new" className={buttonClass('primary')}>
                {t('collections.makeTheFirst')}
              </Link>
            )
          }
        >
          {t('collections.aRuleGathersGamesBy')}
        </Empty>
      )}
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
        {shown.map((collection, index) => (
          <li key={collection.id} className="relative min-w-0">
            <Card collection={collection} />
            {mayWrite && shown.length > 1 && (
              <span className="absolute top-3 right-3 flex gap-1">
                <Button size="icon" look="quiet" className="size-8!" disabled={index === 0 || moving} onClick={() => void move(index, -1)} aria-label={t('collections.moveForward', { name: collection.name })}>
                  <ArrowUp className="size-4" />
                </Button>
                <Button size="icon" look="quiet" className="size-8!" disabled={index === shown.length - 1 || moving} onClick={() => void move(index, 1)} aria-label={t('collections.moveBack', { name: collection.name })}>
                  <ArrowDown className="size-4" />
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {(starts.length > 1 || page?.hasNextPage) && (
        <div className="mt-6 flex justify-center gap-3">
          <Button disabled={fetching || starts.length === 1} onClick={() => setStarts((old) => old.slice(0, -1))}>
            {t('collections.previousPage')}
          </Button>
          <Button busy={fetching} disabled={!page?.hasNextPage} onClick={() => setStarts((old) => [...old, page?.endCursor ?? null])}>
            {t('collections.nextPage')}
          </Button>
        </div>
      )}
      {data && (
        <div className="mt-8">
          <ViewQuery document={CollectionsPageDocument} variables={{ after }} />
        </div>
      )}
      {byHand && (
        <Suspense fallback={null}>
          <NewByHand onClose={() => setByHand(false)} />
        </Suspense>
      )}
    </div>
  );
}

function Card({ collection }: { collection: Listed }) {
  const games = collection.games.nodes;
  const more = collection.totalCount - games.length;
  return (
    <Link to="/collections/$collectionId" params={{ collectionId: collection.id }} className="group flex h-full flex-col rounded-2xl border border-line bg-surface p-4 shadow-card transition-colors hover:border-edge sm:p-5">
      <h2 className="pr-16 text-xl [overflow-wrap:anywhere] group-hover:underline">{collection.name}</h2>
      <p className="numbers mt-1 line-clamp-2 text-sm text-muted text-pretty">
        {t('unit.games', { count: collection.totalCount })}. {spokenPhrases(collection.rulePhrases) ?? t('collections.putTogetherByHand2')}
      </p>
      <span className="mt-auto flex h-28 gap-2 overflow-hidden pt-4" aria-hidden="true">
        {games.map((game) => (
          <Cover key={game.id} title={titleOf(game)} url={game.coverUrl} className="h-24 w-16 shrink-0 rounded-md" />
        ))}
        {more > 0 && <span className="numbers grid h-24 min-w-10 flex-1 place-items-center overflow-hidden rounded-md bg-sunk text-sm font-semibold text-muted">+{count(more)}</span>}
      </span>
    </Link>
  );
}
