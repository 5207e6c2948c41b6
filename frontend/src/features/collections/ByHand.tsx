import { Link } from '@tanstack/react-router';
import { ArrowDown, ArrowUp, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useMutation } from 'urql';
import { PutIntoCollectionDocument, TakeFromCollectionDocument, type CollectionPageQuery } from '@/gql/collections';
import { refusal, say } from '@/shared/api/problems';
import { Cover } from '@/shared/covers/Cover';
import { playtime } from '@/shared/format/time';
import { titleOf, statusName } from '@/shared/format/words';
import { useListing } from '@/shared/games/pages';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { gamesOf } from './CollectionScreen';
import { GamePicker } from './GamePicker';
import { t } from './texts';

type Collection = NonNullable<CollectionPageQuery['collection']>;

/** A collection that is put together by hand: its games in order, and a search to add more. */
export function ByHand({ collection, mayWrite }: { collection: Collection; mayWrite: boolean }) {
  const source = useMemo(() => gamesOf(collection), [collection]);
  const { listing, shownPages } = useListing(source);
  const [{ fetching: putting }, put] = useMutation(PutIntoCollectionDocument);
  const [{ fetching: taking }, take] = useMutation(TakeFromCollectionDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [said, setSaid] = useState('');
  const { games } = listing;
  const busy = putting || taking;

  const place = async (id: string, before: string | null, what: string) => {
    const { data, error } = await put({ input: { collectionId: collection.id, gameIds: [id], beforeGameId: before } });
    const problem = refusal(data?.addToCollection.problems, error);
    setFault(problem);
    if (!problem) setSaid(what);
  };
  const remove = async (id: string, title: string) => {
    const { data, error } = await take({ input: { collectionId: collection.id, gameIds: [id] } });
    const problem = refusal(data?.removeFromCollection.problems, error);
    setFault(problem);
    if (!problem) setSaid(t('collections.isOut', { title }));
  };
  return (
    <div className="grid gap-x-10 gap-y-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
      <div className="min-w-0">
        {(fault || listing.error) && <Fault onRetry={listing.error ? () => shownPages.retry() : undefined}>{fault ?? say(listing.error)}</Fault>}
        {listing.total === 0 && <p className="py-6 text-muted">{t('collections.nothingIsInItYet')}</p>}
        <ol className="divide-y divide-line border-y border-line">
          {games.map((game, index) => (
            <li key={game.id} className="flex items-center gap-3 py-2.5">
              <span className="numbers w-8 text-right text-sm text-muted">{index + 1}</span>
              <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-9 shrink-0 rounded" />
              <span className="min-w-0 flex-1">
                <Link to="/games/$gameId" params={{ gameId: game.id }} className="block truncate font-semibold hover:underline">
                  {titleOf(game)}
                </Link>
                <span className="block truncate text-sm text-muted">{[game.status && statusName(game.status), game.playtimeMinutes ? playtime(game.playtimeMinutes) : null].filter(Boolean).join(', ')}</span>
              </span>
              {mayWrite && (
                <span className="flex">
                  <Button size="icon" look="quiet" className="size-9!" disabled={busy || index === 0} onClick={() => void place(game.id, games[index - 1]?.id ?? null, t('collections.isNumber', { title: titleOf(game), index }))} aria-label={t('collections.moveUp', { title: titleOf(game) })}>
                    <ArrowUp className="size-4" />
                  </Button>
                  <Button size="icon" look="quiet" className="size-9!" disabled={busy || index === games.length - 1} onClick={() => void place(game.id, games[index + 2]?.id ?? null, t('collections.isNumber2', { title: titleOf(game), value: index + 2 }))} aria-label={t('collections.moveDown', { title: titleOf(game) })}>
                    <ArrowDown className="size-4" />
                  </Button>
                  <Button size="icon" look="quiet" className="size-9!" disabled={busy} onClick={() => void remove(game.id, titleOf(game))} aria-label={t('collections.takeOut', { title: titleOf(game) })}>
                    <X className="size-4" />
                  </Button>
                </span>
              )}
            </li>
          ))}
        </ol>
        {!listing.complete && listing.total !== null && (
          <Button className="mt-4" onClick={() => shownPages.want(games.length)}>
            {t('action.more')}
          </Button>
        )}
        <p role="status" className="mt-3 min-h-5 text-sm text-muted">
          {said}
        </p>
      </div>
      {mayWrite && (
        <section aria-labelledby="put" className="self-start rounded-2xl border border-line bg-surface p-5 shadow-card lg:sticky lg:top-6">
          <h2 id="put" className="mb-3 text-xl">
            {t('collections.putGamesIn')}
          </h2>
          <GamePicker label={t('collections.searchYourGamesToAdd')} verb={t('collections.add')} disabled={busy} onPick={(game) => void place(game.id, null, t('collections.gameIsIn', { title: titleOf(game) }))} />
        </section>
      )}
    </div>
  );
}
