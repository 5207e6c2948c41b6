import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { createRequest, useClient, useQuery, useSubscription, type TypedDocumentNode } from 'urql';
import { ChosenDocument, ContentChangedDocument, InterfaceDocument } from '@/gql/content';
import { RunningSyncsDocument, SyncEndsDocument } from '@/gql/syncs';
import { lookAgain } from '@/shared/api/again';
import { platformFault } from '@/shared/api/problems';
import { announce } from '@/shared/notices';
import { t } from '@/shared/content/texts';

const runs = new Set(['QUEUED', 'RUNNING', 'WAITING']);

/** No stream tells of runs that begin elsewhere: in another tab, on another device, by the clock. */
const EVERY = 15_000;

/** Tells of syncs that end while one is looking at something else, and has the lists looked at again. */
export default function SyncWatch() {
  const [{ data }, ask] = useQuery({ query: RunningSyncsDocument });
  const libraries = data?.libraries?.nodes ?? [];
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') ask({ requestPolicy: 'network-only' });
    };
    // What changed while nobody looked is more than runs say: a mark set in the other tab as well.
    const onSight = () => {
      look();
      if (document.visibilityState === 'visible') lookAgain();
    };
    const timer = setInterval(look, EVERY);
    document.addEventListener('visibilitychange', onSight);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onSight);
    };
  }, [ask]);
  // A run that came and went between two looks left games behind.
  const over = data && libraries.map(({ id, lastSync }) => (lastSync && !runs.has(lastSync.state) ? `${id} ${lastSync.id} ${lastSync.rev}` : id)).join();
  const before = useRef(over);
  useEffect(() => {
    if (before.current !== undefined && before.current !== over) lookAgain();
    before.current = over;
  }, [over]);
  return libraries.filter((library) => library.lastSync && runs.has(library.lastSync.state)).map((library) => <One key={library.id} id={library.id} label={library.label} platform={library.platform} />);
}

/** A shelf is quiet: that nothing came of a change by hand is no news. */
function One({ id, label, platform }: { id: string; label: string; platform: { id: string; name: string; canSync: boolean } }) {
  const { pathname } = useLocation();
  const told = useRef(false);
  const [{ data }] = useSubscription({ query: SyncEndsDocument, variables: { libraryId: id } });
  const progress = data?.syncProgress;
  const stage = progress?.run.stage;
  const reached = useRef(stage);
  useEffect(() => {
    // Games are there from stage to stage; at its end the cache itself forgets the lists.
    if (reached.current && reached.current !== stage) lookAgain();
    reached.current = stage;
  }, [stage]);
  useEffect(() => {
    if (!progress?.final || told.current) return;
    told.current = true;
    // The platforms' own screen says so itself.
    if (pathname === '/platforms') return;
    const { run } = progress;
    if (!platform.canSync && run.state === 'SUCCEEDED' && !run.added) return;
    if (run.state === 'SUCCEEDED') announce({ tone: 'good', text: `${label}: ${run.added ? t('app.gamesAdded', { count: run.added }) : t('app.nothingNew')}.`, to: '/platforms' });
    else if (run.state === 'FAILED') announce({ tone: 'bad', text: `${label}: ${run.error ? platformFault(run.error, platform) : t('app.syncFailed')}`, to: '/platforms' });
  }, [progress, label, platform, pathname]);
  return null;
}

/** Has the interface looked at again when somebody changed what it is made of. */
export function ContentWatch({ since }: { since: number }) {
  const client = useClient();
  // From what the page began with: a change in between, or while the line is down, is told as well.
  // Then from what was told last, with the count that it is of: a line that comes back goes on
  // there, and a hub that has another database by now tells all.
  const [from, setFrom] = useState<{ since: number; epoch: string | null }>({ since, epoch: null });
  const [{ data }] = useSubscription({ query: ContentChangedDocument, variables: from });
  const changed = data?.contentChanged;
  useEffect(() => {
    if (!changed) return;
    const { rev, epoch } = changed;
    // oxlint-disable-next-line react/set-state-in-effect -- the state follows what the hub told
    setFrom((old) => (old.since === rev && old.epoch === epoch ? old : { since: rev, epoch }));
    if (!changed.kinds.length) return;
    for (const document of [InterfaceDocument, ChosenDocument]) client.reexecuteOperation(client.createRequestOperation('query', createRequest(document as TypedDocumentNode, {}), { requestPolicy: 'network-only' }));
  }, [client, changed]);
  return null;
}
