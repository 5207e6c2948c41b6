import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { DismissDuplicateDocument, DuplicatesPageDocument, MergeGamesDocument, UndoMergeAgainDocument, type DuplicatesPageQuery } from '@/gql/duplicates';
import { refusal, say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { useViewer } from '@/shared/api/viewer';
import { Cover } from '@/shared/covers/Cover';
import { evidenceText } from '@/shared/format/evidence';
import { playtime } from '@/shared/format/time';
import { platformName, titleOf } from '@/shared/format/words';
import { PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

type Suggested = NonNullable<DuplicatesPageQuery['duplicateGames']>['nodes'][number];
type Done = { text: string; undo: string | null };

/** Games that may be one. Nothing is merged unless somebody says so. */
export function DuplicatesScreen() {
  const { scopes } = useViewer();
  const say = useSay();
  // Where the pages up to this one began: all in one question would cost more than one may.
  const [starts, setStarts] = useState<(string | null)[]>([null]);
  const after = starts.at(-1) ?? null;
  const [{ data, error, fetching }, again] = useQuery({ query: DuplicatesPageDocument, variables: { after }, requestPolicy: 'cache-and-network' });
  const [{ fetching: merging }, merge] = useMutation(MergeGamesDocument);
  const [{ fetching: dismissing }, dismiss] = useMutation(DismissDuplicateDocument);
  const [{ fetching: undoing }, undo] = useMutation(UndoMergeAgainDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const said = useRef<HTMLDivElement>(null);
  // What had the focus is gone with its pair: it goes on where that can be taken back.
  useEffect(() => {
    if (done) (said.current?.querySelector('button') ?? said.current)?.focus({ preventScroll: true });
  }, [done]);
  useTitle(t('nav.duplicates'));
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  const busy = merging || dismissing || undoing;
  const found = data?.duplicateGames;

  const one = async (into: Suggested['games'][number], other: Suggested['games'][number]) => {
    const { data: answer, error: failed } = await merge({ input: { into: into.id, games: [other.id] } });
    const problem = refusal(answer?.mergeGames.problems, failed);
    setFault(problem);
    if (problem) return;
    const newest = answer?.mergeGames.game?.merges?.find((entry) => entry.action === 'MERGED' && entry.undoable);
    setDone({ text: t('duplicates.isPartOfNow', { title: titleOf(other), title2: titleOf(into) }), undo: newest?.id ?? null });
    again({ requestPolicy: 'network-only' });
  };
  const apart = async (id: string, games: Suggested['games']) => {
    const { data: answer, error: failed } = await dismiss({ id });
    const problem = refusal(answer?.dismissDuplicate.problems, failed);
    setFault(problem);
    if (problem) return;
    setDone({ text: t('duplicates.stayApart', { titles: games.map(titleOf).join(', ') }), undo: null });
    again({ requestPolicy: 'network-only' });
  };
  const back = async (id: string) => {
    const { data: answer, error: failed } = await undo({ id });
    const problem = refusal(answer?.undoMerge.problems, failed);
    setFault(problem);
    if (problem) return;
    setDone({ text: t('duplicates.takenBack'), undo: null });
    again({ requestPolicy: 'network-only' });
  };
  return (
    <div className="mx-auto max-w-[1100px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <h1 className="text-4xl font-extrabold">{say('nav.duplicates')}</h1>
      <p className="mt-2 mb-6 max-w-prose text-muted text-pretty">{t('duplicates.gamesThatMayBeOne')}</p>
      <div ref={said} role="status" tabIndex={-1} className="mb-4 min-h-6 rounded-xl">
        {done && (
          <p className="flex flex-wrap items-center gap-3 rounded-xl bg-good-wash px-4 py-2.5 text-sm font-semibold text-good">
            {done.text}
            {done.undo && (
              <Button size="sm" busy={undoing} onClick={() => done.undo && void back(done.undo)}>
                {say('action.undo')}
              </Button>
            )}
          </p>
        )}
      </div>
      {(error || fault) && (
        <div className="mb-6">
          <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{fault ?? inWords(error)}</Fault>
        </div>
      )}
      {fetching && !data && <Loading className="h-56 rounded-2xl" />}
      {found?.totalCount === 0 && <Empty title={t('duplicates.noTwoGamesLookLike')}>{t('duplicates.afterEachSyncTheHub')}</Empty>}
      {found && found.totalCount > 0 && <p className="numbers mb-3 font-semibold">{t('duplicates.pairsToDecide', { count: found.totalCount })}</p>}
      <ul className="space-y-4">
        {found?.nodes.map((pair) => (
          <li key={pair.id}>
            <Pair pair={pair} busy={busy} mayWrite={mayWrite} onMerge={one} onApart={() => void apart(pair.id, pair.games)} />
          </li>
        ))}
      </ul>
      {(starts.length > 1 || found?.pageInfo.hasNextPage) && (
        <div className="mt-5 flex gap-3">
          <Button disabled={fetching || starts.length === 1} onClick={() => setStarts((old) => old.slice(0, -1))}>
            {t('duplicates.previousPage')}
          </Button>
          <Button busy={fetching} disabled={!found?.pageInfo.hasNextPage} onClick={() => setStarts((old) => [...old, found?.pageInfo.endCursor ?? null])}>
            {t('duplicates.nextPage')}
          </Button>
        </div>
      )}
      <div className="mt-8">
        <ViewQuery document={DuplicatesPageDocument} variables={{ after }} />
      </div>
    </div>
  );
}

type PairProps = { pair: Suggested; busy: boolean; mayWrite: boolean; onMerge: (into: Suggested['games'][number], other: Suggested['games'][number]) => Promise<void>; onApart: () => void };

function Pair({ pair, busy, mayWrite, onMerge, onApart }: PairProps) {
  const [one, other] = pair.games;
  // The one that is played more stays, unless the person says otherwise.
  const [keep, setKeep] = useState((other?.playtimeMinutes ?? 0) > (one?.playtimeMinutes ?? 0) ? other?.id : one?.id);
  if (!one || !other) return null;
  const stays = keep === other.id ? other : one;
  const goes = stays === one ? other : one;
  return (
    <article aria-label={t('duplicates.and', { title: titleOf(one), title2: titleOf(other) })} className="rounded-2xl border border-line bg-surface p-4 shadow-card sm:p-5">
      <div className="grid gap-4 sm:grid-cols-2">
        {pair.games.map((game) => (
          <div key={game.id} className="flex min-w-0 gap-4">
            <Cover title={titleOf(game)} url={game.coverUrl} bare className="w-16 shrink-0 self-start rounded-md" />
            <div className="min-w-0">
              <Link to="/games/$gameId" params={{ gameId: game.id }} className="font-semibold hover:underline">
                {titleOf(game)}
              </Link>
              <p className="numbers text-sm text-muted">{[game.releaseYear, game.developers?.[0], game.playtimeMinutes ? playtime(game.playtimeMinutes) : t('duplicates.notPlayed')].filter(Boolean).join(', ')}</p>
              <p className="mt-1 flex flex-wrap gap-1">
                {game.copies?.map((copy) => (
                  <PlatformMark key={copy.id} name={platformName(copy.platform)} />
                ))}
              </p>
              {mayWrite && (
                <label className="mt-1 flex min-h-8 items-center gap-2 text-sm">
                  <input type="radio" name={pair.id} checked={stays.id === game.id} onChange={() => setKeep(game.id)} className="size-4 accent-(--lamp-text)" />
                  {t('duplicates.thisOneStays')}
                </label>
              )}
            </div>
          </div>
        ))}
      </div>
      <div className="mt-4 flex flex-wrap items-end gap-4 border-t border-line pt-4">
        <div className="min-w-60 flex-1">
          <p className="text-sm font-semibold">
            {t('duplicates.alikeTo')} <span className="numbers">{Math.round(pair.confidence * 100)}</span> {t('duplicates.of100')}
          </p>
          <ul aria-label={t('duplicates.evidence')} className="mt-1 space-y-0.5 text-sm text-muted">
            {pair.evidence.map((proof) => (
              <li key={proof.kind + proof.text}>{evidenceText(proof)}</li>
            ))}
          </ul>
        </div>
        {mayWrite && (
          <span className="flex gap-2">
            <Button disabled={busy} onClick={onApart}>
              {t('duplicates.keepApart')}
            </Button>
            <Button look="primary" disabled={busy} onClick={() => void onMerge(stays, goes)}>
              {t('duplicates.merge')}
            </Button>
          </span>
        )}
      </div>
    </article>
  );
}
