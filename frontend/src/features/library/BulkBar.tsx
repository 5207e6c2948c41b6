import { X } from 'lucide-react';
import { useState } from 'react';
import { useClient, useQuery } from 'urql';
import { BulkChoicesDocument, MarkGameDocument, PutTogetherDocument, type UpdateGameInput } from '@/gql/bulk';
import { holdLists } from '@/shared/api/cache';
import { refusal } from '@/shared/api/problems';
import { count } from '@/shared/format/time';
import { Button } from '@/shared/ui/Button';
import { inBatches } from './batches';
import { t } from '@/shared/content/texts';
import { statusName } from '@/shared/format/words';

type Change = Omit<UpdateGameInput, 'gameId'>;
type Props = { ids: ReadonlySet<string>; shown: number; total: number; onAll: () => void; onEnd: () => void };

const select = 'h-10 max-w-44 rounded-lg border border-edge/60 bg-raised px-2.5 text-sm font-semibold';

/** What can be done with the chosen games, at the foot of the screen. */
export default function BulkBar({ ids, shown, total, onAll, onEnd }: Props) {
  const client = useClient();
  const [{ data }] = useQuery({ query: BulkChoicesDocument });
  const [progress, setProgress] = useState<{ done: number; of: number } | null>(null);
  const [said, setSaid] = useState('');
  const some = ids.size > 0;
  const busy = progress !== null;

  const mark = async (change: Change, what: string) => {
    const games = [...ids];
    setProgress({ done: 0, of: games.length });
    setSaid('');
    // The lists are read anew once, at the end, and not after each game.
    const release = holdLists();
    const { done, fault } = await inBatches(games, 4, async (gameId, last) => {
      if (last) release();
      const { data: answer, error } = await client.mutation(MarkGameDocument, { input: { gameId, ...change } });
      return refusal(answer?.updateGame.problems, error);
    }, (done) => setProgress({ done, of: games.length })).finally(release);
    setProgress(null);
    setSaid(fault ? t('library.doneOf', { done: count(done), games: t('unit.games', { count: games.length }), why: fault }) : t('library.doneTo', { games: t('unit.games', { count: done }), what }));
  };
  const put = async (collectionId: string, name: string) => {
    const games = [...ids];
    setProgress({ done: 0, of: games.length });
    setSaid('');
    let done = 0;
    let fault: string | null = null;
    // The hub takes up to a hundred at a time.
    for (let at = 0; at < games.length && !fault; at += 100) {
      const part = games.slice(at, at + 100);
      const { data: answer, error } = await client.mutation(PutTogetherDocument, { input: { collectionId, gameIds: part } });
      fault = refusal(answer?.addToCollection.problems, error);
      if (!fault) done += part.length;
      setProgress({ done, of: games.length });
    }
    setProgress(null);
    setSaid(fault ?? t('library.inCollection', { games: t('unit.games', { count: done }), name }));
  };
  const byHand = data?.collections?.nodes.filter((collection) => collection.ruleText === null) ?? [];
  return (
    <section aria-label={t('library.chosenGames')} className="appear fixed inset-x-0 bottom-[calc(4.25rem+env(safe-area-inset-bottom))] z-30 border-t border-line bg-raised px-4 py-3 shadow-float md:bottom-0 md:left-[88px] md:px-6">
      <div className="mx-auto flex max-w-[1720px] flex-wrap items-center gap-2.5">
        <p role="status" className="font-display numbers mr-1 text-lg font-bold whitespace-nowrap">
          {progress ? t('library.ofTotal', { done: count(progress.done), total: count(progress.of) }) : t('library.chosen', { size: count(ids.size) })}
        </p>
        <label>
          <span className="sr-only">{t('library.setTheStatus')}</span>
          <select
            value=""
            disabled={!some || busy}
            onChange={(event) => {
              const status = data?.statuses?.find((one) => one.id === event.target.value);
              if (status) void mark({ status: status.id }, statusName(status));
            }}
            className={select}
          >
            <option value="">{t('library.setStatus')}</option>
            {data?.statuses?.map((status) => (
              <option key={status.id} value={status.id}>
                {statusName(status)}
              </option>
            ))}
          </select>
        </label>
        {byHand.length > 0 && (
          <label>
            <span className="sr-only">{t('library.putIntoACollection')}</span>
            <select
              value=""
              disabled={!some || busy}
              onChange={(event) => {
                const collection = byHand.find((one) => one.id === event.target.value);
                if (collection) void put(collection.id, collection.name);
              }}
              className={select}
            >
              <option value="">{t('library.putInto')}</option>
              {byHand.map((collection) => (
                <option key={collection.id} value={collection.id}>
                  {collection.name}
                </option>
              ))}
            </select>
          </label>
        )}
        <Button disabled={!some || busy} onClick={() => void mark({ favourite: true }, t('library.asFavourite'))}>
          {t('library.favourite')}
        </Button>
        <Button disabled={!some || busy} onClick={() => void mark({ hidden: true }, t('library.asHidden'))}>
          {t('library.hide')}
        </Button>
        <Button look="quiet" disabled={busy || ids.size === shown} onClick={onAll}>
          {shown < total ? t('library.allThatAreLoaded', { shown: count(shown) }) : t('library.all', { total: count(total) })}
        </Button>
        <p role="status" className="min-w-0 flex-1 truncate text-sm text-muted" title={said}>
          {said}
        </p>
        <Button look="quiet" size="icon" disabled={busy} onClick={onEnd} aria-label={t('library.stopChoosing')}>
          <X className="size-5" />
        </Button>
      </div>
    </section>
  );
}
