import { ChevronDown, RefreshCw, Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useMutation, useSubscription } from 'urql';
import { RetrySyncDocument, ScheduleSyncDocument, SyncLibraryDocument, SyncProgressDocument, UnlinkLibraryDocument, type RunFragment } from '@/gql/platforms';
import { refusal, sentence } from '@/shared/api/problems';
import { useViewer } from '@/shared/api/viewer';
import { ago, plural } from '@/shared/format/time';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { Button } from '@/shared/ui/Button';
import { Fault } from '@/shared/ui/Notice';
import { Sheet } from '@/shared/ui/Sheet';
import { Forget } from './Forget';
import { History } from './History';
import type { Linked } from './PlatformsScreen';
import { Progress } from './Progress';
import { newer, outcome, running } from './progress';

type Props = { library: Linked; justLinked: boolean; onReconnect: () => void };

/** One linked account: what it holds, how its sync goes, what went wrong. */
export function LibraryPanel({ library, justLinked, onReconnect }: Props) {
  const { scopes } = useViewer();
  const [{ fetching: starting }, sync] = useMutation(SyncLibraryDocument);
  const [{ fetching: retrying }, retry] = useMutation(RetrySyncDocument);
  const [fault, setFault] = useState<string | null>(null);
  const [history, setHistory] = useState(false);
  const [leaving, setLeaving] = useState<'unlink' | 'forget' | null>(null);
  const [started, setStarted] = useState<RunFragment | null>(null);
  const listed = newer(started, library.lastSync);
  // The stream begins with the state as it is, so a reload or an outage in the middle misses nothing.
  const [{ data }] = useSubscription({ query: SyncProgressDocument, variables: { libraryId: library.id }, pause: !running(listed) });
  const run = newer(data?.syncProgress.run, listed);
  const busy = running(run);
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
        <PlatformMark name={library.platform.name} className="h-11 min-w-12 rounded-lg bg-chip text-base text-ink" />
        <div className="min-w-40 flex-1">
          <h2 className="flex flex-wrap items-center gap-2 text-xl">
            {library.label}
            {!library.connected && <Badge tone="bad">Not connected</Badge>}
          </h2>
          <p className="numbers mt-0.5 text-sm text-muted">
            {[library.account, plural(library.gamesCount, 'game'), !busy && run?.finishedAt && `${library.platform.canSync ? 'synced' : 'imported'} ${ago(run.finishedAt)}`].filter(Boolean).join(', ')}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {!library.connected && (
            <Button size="sm" look="primary" onClick={onReconnect}>
              Connect again
            </Button>
          )}
          {maySync && run?.state === 'FAILED' && !busy && (
            <Button size="sm" busy={retrying} onClick={() => void start(true)}>
              Retry
            </Button>
          )}
          {maySync && (run?.state !== 'FAILED' || busy) && library.connected && (
            <Button size="sm" busy={starting} disabled={busy} onClick={() => void start(false)} aria-label={`Sync ${library.label} now`}>
              {!starting && <RefreshCw className={`size-4 ${busy ? 'animate-spin' : ''}`} aria-hidden="true" />}
              {busy ? 'Syncing' : 'Sync now'}
            </Button>
          )}
          {run && (
            <Button size="sm" look="quiet" aria-expanded={history} onClick={() => setHistory(!history)} aria-label={`History of ${library.label}`}>
              History
              <ChevronDown className={`size-4 transition-transform ${history ? 'rotate-180' : ''}`} aria-hidden="true" />
            </Button>
          )}
          {scopes.includes('WRITE_LIBRARY') && (
            <Button size="sm" look="quiet" onClick={() => setLeaving('unlink')} aria-label={`Unlink ${library.label}`}>
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
          <Fault>{sentence(broken.message)}</Fault>
        </div>
      )}
      {run && busy && <Progress run={run} />}
      {run && !busy && (data || started?.id === run.id) && run.state === 'SUCCEEDED' && (
        <p role="status" className="border-t border-line px-5 py-3 text-sm font-semibold text-good">
          Done: {outcome(run)}.
        </p>
      )}
      {library.syncEveryHours !== null && maySync && <Schedule library={library} onFault={setFault} />}
      {history && <History libraryId={library.id} rev={run?.finishedAt ?? null} />}
      {leaving === 'unlink' && <Unlink library={library} onClose={() => setLeaving(null)} onForget={() => setLeaving('forget')} />}
      {leaving === 'forget' && <Forget library={library} onClose={() => setLeaving(null)} />}
    </article>
  );
}

const intervals = [0, 1, 3, 6, 12, 24, 72, 168];
const every = (hours: number): string => (hours === 0 ? 'never' : hours % 24 === 0 ? `every ${hours === 24 ? 'day' : `${hours / 24} days`}` : `every ${hours === 1 ? 'hour' : `${hours} hours`}`);

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
      By itself
      <select value={now} onChange={(event) => void set(Number(event.target.value))} className="h-8 rounded-md border border-edge/60 bg-raised px-2 font-semibold text-ink">
        {[...new Set([...intervals, now])].sort((a, b) => a - b).map((hours) => (
          <option key={hours} value={hours}>
            {every(hours)}
          </option>
        ))}
      </select>
      {library.nextSyncAt && <span className="numbers">next {ago(library.nextSyncAt)}</span>}
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
    <Sheet open onOpenChange={(open) => !open && onClose()} title={`Unlink ${library.label}?`} description="Its copies and playtimes leave the library. Your notes, ratings and marks are kept, in case it comes back.">
      {fault && <Fault>{fault}</Fault>}
      <div className="flex flex-wrap justify-end gap-3">
        <Button look="quiet" className="mr-auto -ml-3" onClick={onForget}>
          Forget it for good instead
        </Button>
        <Button onClick={onClose}>Keep it</Button>
        <Button look="danger" busy={fetching} onClick={() => void go()}>
          Unlink
        </Button>
      </div>
    </Sheet>
  );
}
