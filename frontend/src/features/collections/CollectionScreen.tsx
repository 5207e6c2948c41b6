import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { CircleHelp, Pencil, Trash2 } from 'lucide-react';
import { Suspense, lazy, useCallback, useMemo, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { CollectionGamesPageDocument, CollectionPageDocument, DeleteCollectionDocument, UpdateCollectionDocument, type CollectionGamesPageQuery, type CollectionPageQuery } from '@/gql/collections';
import { isNoId, refusal, say } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { titleOf } from '@/shared/format/words';
import { GameGrid } from '@/shared/games/GameGrid';
import { useListing, type Source } from '@/shared/games/pages';
import { Button, buttonClass } from '@/shared/ui/Button';
import { TextField } from '@/shared/ui/Field';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { ByHand } from './ByHand';
import { GamePicker } from './GamePicker';
import { useSay } from '@/shared/content/Content';
import { t } from './texts';
import { spokenPhrases } from './words';
import { useTitle } from '@/shared/content/useTitle';

const Why = lazy(() => import('./Why').then((file) => ({ default: file.Why })));
const route = getRouteApi('/app/collections/$collectionId');
/** In the address: the explanation is open, of no game yet. */
const ASK = 'ask';
type Collection = NonNullable<CollectionPageQuery['collection']>;

/** The games of a collection, by its rule or in the order they were put in. */
export const gamesOf = (collection: Pick<Collection, 'id' | 'updatedAt'>): Source => ({
  key: `${collection.id} ${collection.updatedAt}`,
  ask: (after) => ({ document: CollectionGamesPageDocument, variables: { id: collection.id, first: after === null ? 60 : 100, after, sort: null } }),
  pick: (data) => (data as CollectionGamesPageQuery).collection?.games,
});

export function CollectionScreen() {
  useSay();
  const { collectionId } = route.useParams();
  const [{ data, error: failed, fetching }, again] = useQuery({ query: CollectionPageDocument, variables: { id: collectionId }, requestPolicy: 'cache-and-network' });
  const error = isNoId(failed) ? undefined : failed;
  const collection = data?.collection;
  useTitle(collection?.name ?? t('collections.collection'));
  return (
    <div className="mx-auto max-w-[1500px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <Link to="/collections" className="text-sm font-semibold text-lamp-text underline-offset-4 hover:underline">
        {t('collections.collections')}
      </Link>
      {error && !collection && <h1 className="sr-only">{t('collections.collection')}</h1>}
      {error && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      {!collection && fetching && <Loading className="mt-4 h-40 rounded-2xl" />}
      {!collection && !fetching && !error && (
        <Empty whole title={t('collections.thisCollectionIsNotHere')} action={<Link to="/collections" className={buttonClass('primary')}>{t('collections.toTheCollections')}</Link>}>
          {t('collections.itWasDeletedOrIt')}
        </Empty>
      )}
      {collection && <Shown key={collection.id} collection={collection} />}
    </div>
  );
}

function Shown({ collection }: { collection: Collection }) {
  const { scopes } = useViewer();
  const { why } = route.useSearch();
  const navigate = useNavigate();
  const [leaving, setLeaving] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  const byRule = collection.rule !== null;
  const ask = useCallback((open: boolean) => void navigate({ to: '/collections/$collectionId', params: { collectionId: collection.id }, search: open ? { why: ASK } : {}, replace: true, resetScroll: false }), [navigate, collection.id]);
  return (
    <>
      <header className="mt-2 mb-6 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-60 flex-1">
          <h1 className="text-4xl font-extrabold [overflow-wrap:anywhere]">{collection.name}</h1>
          <p className="numbers mt-2 text-muted text-pretty">
            <span role="status" className="font-semibold text-ink">
              {t('unit.games', { count: collection.totalCount })}
            </span>
            {'. '}
            {spokenPhrases(collection.rulePhrases) ?? t('collections.putTogetherByHand')}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {byRule && (
            <Button onClick={() => ask(true)}>
              <CircleHelp className="size-4.5" aria-hidden="true" />
              {t('collections.why2')}
            </Button>
          )}
          {mayWrite &&
            (byRule ? (
              <Link to="/collections/$collectionId/edit" params={{ collectionId: collection.id }} className={buttonClass()}>
                <Pencil className="size-4" aria-hidden="true" />
                {t('collections.change')}
              </Link>
            ) : (
              <Button onClick={() => setRenaming(true)}>
                <Pencil className="size-4" aria-hidden="true" />
                {t('collections.rename')}
              </Button>
            ))}
          {mayWrite && (
            <Button look="quiet" size="icon" onClick={() => setLeaving(true)} aria-label={t('collections.delete', { name: collection.name })}>
              <Trash2 className="size-4.5" />
            </Button>
          )}
        </div>
      </header>
      {byRule ? <ByRule collection={collection} /> : <ByHand collection={collection} mayWrite={mayWrite} />}
      <div className="mt-8">
        <ViewQuery document={CollectionGamesPageDocument} variables={{ id: collection.id, first: 60, after: null, sort: null }} />
      </div>
      {why !== undefined && byRule && <WhySheet collection={collection} gameId={why} onClose={() => ask(false)} />}
      {leaving && <Delete collection={collection} onClose={() => setLeaving(false)} />}
      {renaming && <Rename collection={collection} onClose={() => setRenaming(false)} />}
    </>
  );
}

function ByRule({ collection }: { collection: Collection }) {
  const source = useMemo(() => gamesOf(collection), [collection]);
  const { listing, shownPages } = useListing(source);
  const onWant = useCallback((index: number) => shownPages.want(index), [shownPages]);
  if (listing.error) return <Fault onRetry={() => shownPages.retry()}>{say(listing.error)}</Fault>;
  if (listing.total === 0) return <Empty title={t('collections.nothingFitsTheRuleFor')}>{t('collections.itFillsByItselfAs')}</Empty>;
  return <GameGrid games={listing.games} total={listing.total} onWant={onWant} />;
}

function WhySheet({ collection, gameId, onClose }: { collection: Collection; gameId: string; onClose: () => void }) {
  const [game, setGame] = useState<{ id: string; title: string } | null>(gameId !== ASK ? { id: gameId, title: t('collections.theGame') } : null);
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} wide title={t('collections.whyOrWhyNotIn', { name: collection.name })} description={t('collections.chooseAGameEachPart')}>
      <div className="space-y-6">
        <GamePicker label={t('collections.searchAGame')} verb={t('collections.explain')} onPick={(found) => setGame({ id: found.id, title: titleOf(found) })} />
        <Suspense fallback={null}>{game && <Why key={game.id} collectionId={collection.id} gameId={game.id} title={game.title} />}</Suspense>
      </div>
    </Sheet>
  );
}

function Delete({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const navigate = useNavigate();
  const [{ fetching }, remove] = useMutation(DeleteCollectionDocument);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await remove({ id: collection.id });
    const problem = refusal(data?.deleteCollection.problems, error);
    if (problem) setFault(problem);
    else void navigate({ to: '/collections' });
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('collections.delete2', { name: collection.name })} description={t('collections.itsGamesStayInYour')}>
      {fault && <Fault>{fault}</Fault>}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t('collections.keepIt')}</Button>
        <Button look="danger" busy={fetching} onClick={() => void go()}>
          {t('action.delete')}
        </Button>
      </div>
    </Sheet>
  );
}

function Rename({ collection, onClose }: { collection: Collection; onClose: () => void }) {
  const [{ fetching }, update] = useMutation(UpdateCollectionDocument);
  const [name, setName] = useState(collection.name);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await update({ input: { id: collection.id, name: name.trim() } });
    const problem = refusal(data?.updateCollection.problems, error);
    if (problem) setFault(problem);
    else onClose();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('collections.rename')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
        className="space-y-5"
      >
        <TextField label={t('collections.name')} autoComplete="off" value={name} onChange={(event) => setName(event.target.value)} fault={fault ?? undefined} />
        <div className="flex justify-end gap-3">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" busy={fetching}>
            {t('action.save')}
          </Button>
        </div>
      </form>
    </Sheet>
  );
}
