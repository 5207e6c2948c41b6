import { useEffect } from 'react';
import { useQuery } from 'urql';
import { SyncHistoryDocument } from '@/gql/platforms';
import { platformFault, say } from '@/shared/api/problems';
import { atMoment } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Badge } from '@/shared/ui/Badge';
import { Fault } from '@/shared/ui/Notice';
import { outcome, running } from './progress';
import { t } from './texts';

/** The runs of a library, the latest first. */
export function History({ libraryId, platform, rev }: { libraryId: string; platform: { id: string; name: string }; rev: string | null }) {
  const [{ data, error, fetching }, again] = useQuery({ query: SyncHistoryDocument, variables: { id: libraryId, first: 10 }, requestPolicy: 'cache-and-network' });
  useEffect(() => {
    if (rev) again({ requestPolicy: 'network-only' });
  }, [rev, again]);
  const runs = data?.library?.syncs.nodes ?? [];
  return (
    <div className="border-t border-line px-4 py-3 sm:px-5">
      {error && <Fault>{say(error)}</Fault>}
      {fetching && !data && <div className="skeleton my-2 h-16" />}
      {data && runs.length === 0 && <p className="py-2 text-sm text-muted">{t('platforms.notSyncedYet')}</p>}
      <ol className="divide-y divide-line text-sm">
        {runs.map((run) => (
          <li key={run.id} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2.5">
            <time dateTime={run.startedAt} className="numbers w-44 text-muted">
              {atMoment(run.startedAt)}
            </time>
            <Badge tone={run.state === 'SUCCEEDED' ? 'good' : run.state === 'FAILED' ? 'bad' : running(run) ? 'lamp' : 'plain'}>{words(run.state)}</Badge>
            <span className="min-w-52 flex-1">{run.error ? platformFault(run.error, platform) : running(run) ? words(run.stage) : outcome(run)}</span>
            {run.attempt > 1 && <span className="text-muted">{t('platforms.attempt', { attempt: run.attempt })}</span>}
          </li>
        ))}
      </ol>
    </div>
  );
}
