import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { SyncQueueDocument } from '@/gql/status';
import { ago } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Badge } from '@/shared/ui/Badge';

type Ready = { ready: boolean; parts: Record<string, string> };
const LOOK = 10_000;

/** Reads what `/ready` answers, also when it says that the hub is not. */
export function readReady(value: unknown): Ready | null {
  if (typeof value !== 'object' || value === null) return null;
  const { ready, parts } = value as { ready?: unknown; parts?: unknown };
  if (typeof ready !== 'boolean' || typeof parts !== 'object' || parts === null) return null;
  return { ready, parts: Object.fromEntries(Object.entries(parts).map(([name, state]) => [name, String(state)])) };
}

/** The parts of the hub, and what it is busy with. */
export function Status() {
  const [state, setState] = useState<Ready | null>(null);
  const [version, setVersion] = useState('');
  const [{ data }] = useQuery({ query: SyncQueueDocument, requestPolicy: 'cache-and-network' });
  useEffect(() => {
    let live = true;
    const look = async () => {
      const [ready, health] = await Promise.all(['/ready', '/health'].map((path) => fetch(path, { cache: 'no-store' }).then((answer) => answer.json() as Promise<unknown>).catch(() => null)));
      if (!live) return;
      setState(readReady(ready));
      setVersion(typeof health === 'object' && health !== null && 'version' in health ? String(health.version) : '');
    };
    void look();
    const timer = setInterval(() => void look(), LOOK);
    return () => {
      live = false;
      clearInterval(timer);
    };
  }, []);
  const queue = (data?.libraries?.nodes ?? []).filter((library) => library.lastSync || library.nextSyncAt);
  return (
    <section aria-labelledby="status">
      <h2 id="status" className="mb-3 flex items-center gap-3 text-2xl">
        Status
        {state && <Badge tone={state.ready ? 'good' : 'bad'}>{state.ready ? 'Ready' : 'Not ready'}</Badge>}
      </h2>
      {version && <p className="numbers mb-3 text-muted">Game Djinn {version}</p>}
      <ul aria-label="Parts of the hub" className="flex flex-wrap gap-2">
        {Object.entries(state?.parts ?? {}).map(([name, part]) => (
          <li key={name}>
            <Badge tone={part === 'ok' ? 'good' : 'bad'}>
              {words(name)}: {part}
            </Badge>
          </li>
        ))}
      </ul>
      {queue.length > 0 && (
        <ul aria-label="Syncs" className="mt-4 divide-y divide-line border-y border-line text-sm">
          {queue.map((library) => (
            <li key={library.id} className="flex flex-wrap gap-x-4 gap-y-1 py-2">
              <span className="min-w-40 flex-1 font-semibold">{library.label}</span>
              {library.lastSync && (
                <span className="text-muted">
                  {words(library.lastSync.state)} {ago(library.lastSync.finishedAt ?? library.lastSync.startedAt)}
                </span>
              )}
              {library.nextSyncAt && <span className="text-muted">next {ago(library.nextSyncAt)}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
