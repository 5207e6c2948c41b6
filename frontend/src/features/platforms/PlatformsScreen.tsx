import { FileUp } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useQuery } from 'urql';
import { PlatformsPageDocument, type PlatformsPageQuery } from '@/gql/platforms';
import { say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { Empty, Fault } from '@/shared/ui/Notice';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { ConnectDialog } from './ConnectDialog';
import { ImportDialog } from './ImportDialog';
import { LibraryPanel } from './LibraryPanel';

export type Platform = NonNullable<PlatformsPageQuery['platforms']>[number];
export type Linked = NonNullable<PlatformsPageQuery['libraries']>['nodes'][number];

/** The stores, shelves and files that games come from. */
export function PlatformsScreen() {
  const { scopes } = useViewer();
  const say = useSay();
  const [{ data, error, fetching }, again] = useQuery({ query: PlatformsPageDocument, requestPolicy: 'cache-and-network' });
  const [connecting, setConnecting] = useState<Platform | null>(null);
  const [importing, setImporting] = useState(false);
  const [justLinked, setJustLinked] = useState<string | null>(null);
  useEffect(() => {
    document.title = 'Platforms · Game Djinn';
  }, []);
  const mayWrite = scopes.includes('WRITE_LIBRARY');
  const libraries = data?.libraries?.nodes ?? [];
  return (
    <div className="mx-auto max-w-[1100px] px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <div className="mb-8 flex flex-wrap items-end gap-4">
        <h1 className="flex-1 text-4xl font-extrabold">{say('nav.platforms')}</h1>
        {mayWrite && (
          <Button onClick={() => setImporting(true)}>
            <FileUp className="size-4.5" aria-hidden="true" />
            {say('platforms.import')}
          </Button>
        )}
      </div>
      {error && (
        <div className="mb-6">
          <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{inWords(error)}</Fault>
        </div>
      )}
      {fetching && !data && (
        <div role="status" aria-label="Loading" className="space-y-4">
          {[0, 1, 2].map((i) => (
            <div key={i} className="skeleton h-32 rounded-2xl" />
          ))}
        </div>
      )}
      {data && (
        <>
          <section aria-label="Connected">
            {data.libraries?.nodes.length === 0 && <Empty title="Nothing is connected yet">Choose a store below, or import a list that you keep in a file.</Empty>}
            <ul className="space-y-4">
              {libraries.map((library) => (
                <li key={library.id}>
                  <LibraryPanel library={library} justLinked={library.id === justLinked} onReconnect={() => setConnecting(data.platforms?.find((p) => p.id === library.platform.id) ?? null)} />
                </li>
              ))}
            </ul>
          </section>
          {mayWrite && (
            <section aria-labelledby="add" className="mt-14">
              <h2 id="add" className="text-2xl">
                Add a platform
              </h2>
              <ul className="mt-4 grid gap-x-8 sm:grid-cols-2">
                {data.platforms?.map((platform) => (
                  <Offer key={platform.id} platform={platform} onConnect={() => (platform.connectFields.length || platform.canSync ? setConnecting(platform) : setImporting(true))} />
                ))}
              </ul>
            </section>
          )}
          <div className="mt-8">
            <ViewQuery document={PlatformsPageDocument} />
          </div>
        </>
      )}
      {connecting && (
        <ConnectDialog
          key={connecting.id}
          platform={connecting}
          onClose={() => setConnecting(null)}
          onLinked={(id) => {
            setConnecting(null);
            setJustLinked(id);
          }}
        />
      )}
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </div>
  );
}

function Offer({ platform, onConnect }: { platform: Platform; onConnect: () => void }) {
  const connects = platform.connectFields.length > 0 || platform.canSync;
  return (
    <li className="flex min-w-0 gap-4 border-t border-line py-5">
      <PlatformMark name={platform.name} className="h-10 min-w-11 rounded-lg bg-chip text-sm text-ink" />
      <div className="min-w-0 flex-1">
        <h3 className="flex flex-wrap items-center gap-2 text-lg">
          {platform.name}
          {platform.setupNeeded && <Badge tone="lamp">Needs setting up</Badge>}
        </h3>
        <p className="mt-1 text-sm text-muted text-pretty [overflow-wrap:anywhere]">{platform.help}</p>
      </div>
      <Button size="sm" onClick={onConnect} aria-label={`${connects ? 'Connect' : 'Import'} ${platform.name}`}>
        {connects ? 'Connect' : 'Import'}
      </Button>
    </li>
  );
}
