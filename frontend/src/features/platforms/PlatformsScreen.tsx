import { FileUp } from 'lucide-react';
import { useState } from 'react';
import { useQuery } from 'urql';
import { PlatformsPageDocument, type PlatformsPageQuery } from '@/gql/platforms';
import { say as inWords } from '@/shared/api/problems';
import { useSay } from '@/shared/content/Content';
import { useViewer } from '@/shared/api/viewer';
import { Button } from '@/shared/ui/Button';
import { Loading } from '@/shared/ui/Loading';
import { Empty, Fault } from '@/shared/ui/Notice';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { Linked } from '@/shared/ui/Linked';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { ConnectDialog } from './ConnectDialog';
import { ImportDialog } from './ImportDialog';
import { LibraryPanel } from './LibraryPanel';
import { t } from './texts';
import { helpOf } from './words';
import { platformName } from '@/shared/format/words';
import { useTitle } from '@/shared/content/useTitle';

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
  useTitle(t('nav.platforms'));
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
        <Loading className="space-y-4">
          {[0, 1, 2].map((i) => (
            <div key={i} className="skeleton h-32 rounded-2xl" />
          ))}
        </Loading>
      )}
      {data && (
        <>
          <section aria-label={t('platforms.connected')}>
            {data.libraries?.nodes.length === 0 && <Empty title={t('platforms.nothingIsConnectedYet')}>{t('platforms.chooseAStoreBelowOr')}</Empty>}
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
                {t('platforms.addAPlatform')}
              </h2>
              <ul className="mt-4 grid gap-x-8 sm:grid-cols-2">
                {data.platforms?.map((platform) => (
                  <Offer key={platform.id} platform={platform} onConnect={() => setConnecting(platform)} onImport={() => setImporting(true)} />
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

function Offer({ platform, onConnect, onImport }: { platform: Platform; onConnect: () => void; onImport: () => void }) {
  const shelf = platform.kind === 'MANUAL';
  const name = platformName(platform);
  const connects = platform.connectFields.length > 0 || platform.canSync;
  return (
    <li className="flex min-w-0 gap-4 border-t border-line py-5">
      <PlatformMark name={name} className="h-10 min-w-11 rounded-lg bg-chip text-sm text-ink" />
      <div className="min-w-0 flex-1">
        <h3 className="flex flex-wrap items-center gap-2 text-lg">
          {name}
          {platform.setupNeeded && <Badge tone="lamp">{t('platforms.needsSettingUp')}</Badge>}
        </h3>
        <p className="mt-1 text-sm text-muted text-pretty [overflow-wrap:anywhere]">
          <Linked text={helpOf(platform)} />
        </p>
      </div>
      <div className="flex shrink-0 flex-col gap-2">
        {shelf && (
          <Button size="sm" onClick={onConnect}>
            {t('platforms.makeAShelf')}
          </Button>
        )}
        {connects ? (
          <Button size="sm" onClick={onConnect} aria-label={t('platforms.connect', { name })}>
            {t('platforms.connect2')}
          </Button>
        ) : (
          <Button size="sm" onClick={onImport} aria-label={t('platforms.importInto', { name })}>
            {t('platforms.import2')}
          </Button>
        )}
      </div>
    </li>
  );
}
