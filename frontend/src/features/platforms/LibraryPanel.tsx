import { ChevronDown, Plus, RefreshCw, Unplug } from 'lucide-react';
import { Suspense, lazy, useEffect, useState } from 'react';
import { useMutation, useSubscription } from 'urql';
import { RetrySyncDocument, ScheduleSyncDocument, SyncLibraryDocument, SyncProgressDocument, UnlinkLibraryDocument, type RunFragment } from '@/gql/platforms';
import { platformFault, refusal } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { ago } from '@/shared/format/time';
import { platformName } from '@/shared/format/words';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { Forget } from './Forget';
import { History } from './History';
import type { Linked } from './PlatformsScreen';
import { heard, Progress } from './Progress';
import { newer, outcome, running } from './progress';
import { t } from './texts';

const AddGame = lazy(() => import('@/shared/byHand/AddGame'));

type Props = { library: Linked; justLinked: boolean; onReconnect: () => void };

/** One linked account: what it holds, how its sync goes, what went wrong. */
export function LibraryPanel({ library, justLinked, onReconnect }: Props) {
  const { scopes } = useViewer();
  const [{ fetching: starting }, sync] = useMutation(SyncLibraryDocument);
  const [{ fetching: retrying }, retry] = useMutation(RetrySyncDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [history, setHistory] = useState(false);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<'unlink' | 'forget' | null>(null);
  const [started, setStarted] = useState<RunFragment | null>(null);
  const listed = newer(started, library.lastSync);
  // The stream begins with the state as it is, so a reload or an outage in the middle misses nothing.
  const [{ data }] = useSubscription({ query: SyncProgressDocument, variables: { libraryId: library.id }, pause: !running(listed) });
  const run = newer(data?.syncProgress.run, listed);
  const busy = running(run);
  const done = !busy && run?.state === 'SUCCEEDED' && Boolean(data || started?.id === run.id);
  const maySync = scopes.includes('RUN_SYNC') && library.platform.canSync;

  const start = async (again: boolean) => {
    setFault(null);
    const { data: answer, error } = again ? await retry({ libraryId: library.id }).then((r) => ({ data: r.data?.retrySync, error: r.error })) : await sync({ libraryId: library.id }).then((r) => ({ data: r.data?.syncLibrary, error: r.error }));
    if (answer?.run) setStarted(answer.run);
    setFault(refusal(answer?.problems, error));
  };
  useEffect(() => {
    if (justLinked && maySync && !library.lastSync) void start(false);
    // Once, when the account has just been linked.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [justLinked]);

  const broken = library.lastError ?? (run?.state === 'FAILED' ? run.error : null);
  return (
    <article aria-label={library.label} className="rounded-2xl border border-line bg-surface shadow-card">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 p-4 sm:p-5">
        <PlatformMark name={platformName(library.platform)} className="h-11 min-w-12 rounded-lg bg-chip text-base text-ink" />
        <div className="min-w-40 flex-1">
          <h2 className="flex flex-wrap items-center gap-2 text-xl">
            {library.label}
            {!library.connected && <Badge tone="bad">{t('platforms.notConnected2')}</Badge>}
          </h2>
          <p className="numbers mt-0.5 text-sm text-muted">
            {[library.account, t('unit.games', { count: library.gamesCount }), !busy && run?.finishedAt && t(library.platform.canSync ? 'platforms.syncedAgo' : 'platforms.importedAgo', { when: ago(run.finishedAt) })].filter(Boolean).join(', ')}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {!library.connected && (
            <Button size="sm" look="primary" onClick={onReconnect}>
              {t('platforms.connectAgain')}
            </Button>
          )}
          {maySync && run?.state === 'FAILED' && !busy && (
            <Button size="sm" busy={retrying} onClick={() => void start(true)}>
              {t('platforms.retry')}
            </Button>
          )}
          {maySync && (run?.state !== 'FAILED' || busy) && library.connected && (
            <Button size="sm" busy={starting} disabled={busy} onClick={() => void start(false)} aria-label={t('platforms.syncNow', { label: library.label })}>
              {!starting && <RefreshCw className={`size-4 ${busy ? 'animate-spin' : ''}`} aria-hidden="true" />}
              {busy ? t('platforms.syncing') : t('platforms.syncNow2')}
            </Button>
          )}
          {library.platform.kind === 'MANUAL' && scopes.includes('WRITE_LIBRARY') && (
            <Button size="sm" aria-haspopup="dialog" onClick={() => setAdding(true)}>
              <Plus className="size-4" aria-hidden="true" />
              {t('platforms.addAGame')}
            </Button>
          )}
          {run && (
            <Button size="sm" look="quiet" aria-expanded={history} onClick={() => setHistory(!history)} aria-label={t('platforms.historyOf', { label: library.label })}>
              {t('platforms.history')}
              <ChevronDown className={`size-4 transition-transform ${history ? 'rotate-180' : ''}`} aria-hidden="true" />
            </Button>
          )}
          {scopes.includes('WRITE_LIBRARY') && (
            <Button size="sm" look="quiet" onClick={() => setLeaving('unlink')} aria-label={t('platforms.unlink', { label: library.label })}>
              <Unplug className="size-4" aria-hidden="true" />
            </Button>
          )}
        </div>
      </div>
      {fault && (
        <div className="px-5 pb-4">
          <Fault>{fault}</Fault>
        </div>
      )}
      {broken && !busy && !fault && (
        <div className="px-5 pb-4">
          <Fault>{platformFault(broken, library.platform)}</Fault>
        </div>
      )}
      {run && busy && <Progress run={run} platform={library.platform} />}
      {/* It is there from the start: a region that comes with its text is heard by nobody. */}
      <p role="status" className={done ? 'border-t border-line px-5 py-3 text-sm font-semibold text-good' : 'sr-only'}>
        {run && done ? t('platforms.done', { run: outcome(run) }) : run && busy ? heard(run) : ''}
      </p>
      {library.syncEveryHours !== null && maySync && <Schedule library={library} onFault={setFault} />}
      {history && <History libraryId={library.id} platform={library.platform} rev={run?.finishedAt ?? null} />}
      {adding && (
        <Suspense fallback={null}>
          <AddGame library={library} onClose={() => setAdding(false)} />
        </Suspense>
      )}
      {leaving === 'unlink' && <Unlink library={library} onClose={() => setLeaving(null)} onForget={() => setLeaving('forget')} />}
      {leaving === 'forget' && <Forget library={library} onClose={() => setLeaving(null)} />}
    </article>
  );
}

const intervals = [0, 1, 3, 6, 12, 24, 72, 168];
const every = (hours: number): string => (hours === 0 ? t('platforms.never') : hours % 24 === 0 ? hours === 24 ? t('time.everyDay') : t('time.everyDays', { n: hours / 24 }) : hours === 1 ? t('time.everyHour') : t('time.everyHours', { n: hours }));

/** How often the hub syncs it by itself. */
function Schedule({ library, onFault }: { library: Linked; onFault: (fault: string | null) => void }) {
  const [, schedule] = useMutation(ScheduleSyncDocument);
  const now = library.syncEveryHours ?? 0;
  const set = async (everyHours: number) => {
    const { data, error } = await schedule({ input: { libraryId: library.id, everyHours } });
    onFault(refusal(data?.scheduleSync.problems, error));
  };
  return (
    <label className="flex flex-wrap items-center gap-x-2.5 border-t border-line px-4 py-2 text-sm text-muted sm:px-5">
      {t('platforms.syncByItself')}
      <select value={now} onChange={(event) => void set(Number(event.target.value))} className="h-8 rounded-md border border-edge/60 bg-raised px-2 font-semibold text-ink">
        {[...new Set([...intervals, now])].sort((a, b) => a - b).map((hours) => (
          <option key={hours} value={hours}>
            {every(hours)}
          </option>
        ))}
      </select>
      {library.nextSyncAt && <span className="numbers">{t('platforms.next', { when: ago(library.nextSyncAt) })}</span>}
    </label>
  );
}

function Unlink({ library, onClose, onForget }: { library: Linked; onClose: () => void; onForget: () => void }) {
  const [{ fetching }, unlink] = useMutation(UnlinkLibraryDocument);
  const [fault, setFault] = useState<string | null>(null);
  const go = async () => {
    const { data, error } = await unlink({ id: library.id });
    const problem = refusal(data?.unlinkLibrary.problems, error);
    if (problem) setFault(problem);
    else onClose();
  };
  return (
    <Sheet open onOpenChange={(open) => !open && onClose()} title={t('platforms.unlink2', { label: library.label })} description={t('platforms.itsCopiesAndPlaytimesLeave')}>
      {fault && <Fault>{fault}</Fault>}
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" className="mr-auto -ml-3" onClick={onForget}>
          {t('platforms.forgetItForGoodInstead')}
        </Button>
        <Button onClick={onClose}>{t('platforms.keepIt')}</Button>
        <Button look="danger" busy={fetching} onClick={() => void go()}>
          {t('platforms.unlink3')}
        </Button>
      </div>
    </Sheet>
  );
}
