import type { StatusPageQuery } from '@/gql/status';
import type { HubWorkQuery } from '@/gql/work';
import { sentence } from '@/shared/api/problems';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { Asked } from './Asked';
import { Section } from './Section';
import { t } from './texts';

export type Store = NonNullable<StatusPageQuery['platforms']>[number];
type Work = NonNullable<HubWorkQuery['libraryWork']>['platforms'][number];

/** The stores: whether they are set up and, for the hub's owner, how it gets on with those it asks. */
export function Stores({ stores, asked }: { stores: readonly Store[]; asked: readonly Work[] | null }) {
  if (!stores.length) return null;
  return (
    <Section id="providers" title={t('status.stores')}>
      <ul aria-label={t('status.stores')} className="divide-y divide-line border-y border-line">
        {stores.map((store) => {
          const work = store.setupNeeded ? undefined : asked?.find((one) => one.platform.id === store.id);
          if (work) return <Asked key={store.id} mark name={store.name} failures={work.failures} until={work.leftAloneUntil ?? work.askedToWaitUntil} silent={work.leftAloneUntil !== null} limits={work.limits} />;
          return (
            <li key={store.id} className="flex gap-4 py-3">
              <PlatformMark name={store.name} className="h-8 min-w-10 bg-chip text-sm text-ink" />
              <span className="min-w-0 flex-1">
                <span className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                  <span className="font-semibold">{store.name}</span>
                  <Badge tone={store.setupNeeded ? 'lamp' : 'good'}>{store.setupNeeded ? t('status.needsSettingUp') : t('status.setUp')}</Badge>
                </span>
                <span className="mt-0.5 block max-w-[75ch] text-sm text-muted text-pretty [overflow-wrap:anywhere]">{store.setupNeeded ? sentence(store.setupNeeded) : store.canSync ? t('status.theHubCanFetchIts') : t('status.filledByHandOrFrom')}</span>
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
