import { useLocation } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { createRequest, useClient, useQuery, useSubscription, type TypedDocumentNode } from 'urql';
import { ChosenDocument, ContentChangedDocument, InterfaceDocument } from '@/gql/content';
import { RunningSyncsDocument, SyncEndsDocument } from '@/gql/syncs';
import { sentence } from '@/shared/api/problems';
import { plural } from '@/shared/format/time';
import { announce } from '@/shared/notices';

const runs = new Set(['QUEUED', 'RUNNING', 'WAITING']);

/** Tells of syncs that end while one is looking at something else. */
export default function SyncWatch() {
  const [{ data }] = useQuery({ query: RunningSyncsDocument });
  const libraries = data?.libraries?.nodes ?? [];
  return libraries.filter((library) => library.lastSync && runs.has(library.lastSync.state)).map((library) => <One key={library.id} id={library.id} label={library.label} />);
}

function One({ id, label }: { id: string; label: string }) {
  const { pathname } = useLocation();
  const told = useRef(false);
  const [{ data }] = useSubscription({ query: SyncEndsDocument, variables: { libraryId: id } });
  const progress = data?.syncProgress;
  useEffect(() => {
    if (!progress?.final || told.current) return;
    told.current = true;
    // The platforms' own screen says so itself.
    if (pathname === '/platforms') return;
    const { run } = progress;
    if (run.state === 'SUCCEEDED') announce({ tone: 'good', text: `${label}: ${run.added ? `${plural(run.added, 'game')} added` : 'synced, nothing new'}.`, to: '/platforms' });
    else if (run.state === 'FAILED') announce({ tone: 'bad', text: `${label}: ${run.error ? sentence(run.error.message) : 'the sync failed.'}`, to: '/platforms' });
  }, [progress, label, pathname]);
  return null;
}

/** Has the interface looked at again when somebody changed what it is made of. */
export function ContentWatch({ since }: { since: number }) {
  const client = useClient();
  // From what the page began with: a change in between, or while the line is down, is told as well.
  const [from] = useState(since);
  const [{ data }] = useSubscription({ query: ContentChangedDocument, variables: { since: from } });
  const changed = data?.contentChanged;
  useEffect(() => {
    if (!changed?.kinds.length) return;
    for (const document of [InterfaceDocument, ChosenDocument]) client.reexecuteOperation(client.createRequestOperation('query', createRequest(document as TypedDocumentNode, {}), { requestPolicy: 'network-only' }));
  }, [client, changed]);
  return null;
}
