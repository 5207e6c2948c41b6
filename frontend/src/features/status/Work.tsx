import { useEffect } from 'react';
import { useQuery } from 'urql';
import { HubWorkDocument, type HubWorkQuery } from '@/gql/work';
import { say } from '@/shared/api/problems';
import { t } from './texts';
import { ago, count } from '@/shared/format/time';
import { Loading } from '@/shared/ui/Loading';
import { Fault } from '@/shared/ui/Notice';
import { Asked } from './Asked';
import { EVERY } from './ready';
import { Section } from './Section';
import { Stores, type Store } from './Stores';

type Library = NonNullable<HubWorkQuery['libraryWork']>;
type Sources = NonNullable<HubWorkQuery['sourceWork']>;

/** What the hub is at and how it gets on with those it asks, for its owner: looked at anew while the page is in sight. */
export function Work({ stores }: { stores: readonly Store[] }) {
  const [{ data, error, fetching }, again] = useQuery({ query: HubWorkDocument, requestPolicy: 'cache-and-network' });
  useEffect(() => {
    const timer = setInterval(() => document.hidden || again({ requestPolicy: 'network-only' }), EVERY);
    return () => clearInterval(timer);
  }, [again]);
  const library = data?.libraryWork;
  const sources = data?.sourceWork;
  return (
    <>
      {error && !data && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      {!data && fetching && <Loading className="h-[70dvh]" />}
      {library && <Queue library={library} sources={sources ?? null} />}
      {(data || !fetching) && <Stores stores={stores} asked={library?.platforms ?? null} />}
      {sources && (
        <Section id="sources" title={t('status.sources')}>
          <ul aria-label={t('status.sources')} className="divide-y divide-line border-y border-line">
            {sources.sources.map((one) => (
              <Asked
                key={one.id}
                name={one.name}
                failures={one.failures}
                until={one.pausedUntil}
                silent={one.failures > 0}
                limits={one.limits}
                setup={one.setupNeeded}
                notes={[one.waiting > 0 && t('status.gamesWait', { count: one.waiting }), one.failed > 0 && t('status.gamesFailed', { count: one.failed })].filter((note): note is string => note !== false)}
              />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

function Queue({ library, sources }: { library: Library; sources: Sources | null }) {
  const behind = [library.events, ...(sources ? [sources.events] : [])];
  const waiting = behind.reduce((sum, events) => sum + events.waiting, 0);
  const oldest = behind.map((events) => events.oldestAt).filter((at): at is string => at !== null).toSorted()[0];
  const figures: [string, string][] = [
    [t('status.queued'), count(library.queued)],
    [t('status.running'), count(library.running)],
    [t('status.pausing'), count(library.waiting)],
    [t('status.unmatched'), count(library.unmatchedCopies)],
    [t('status.events'), oldest ? t('status.eventsSince', { n: count(waiting), when: ago(oldest) }) : count(waiting)],
    [t('status.database'), library.database],
  ];
  return (
    <Section id="work" title={t('status.work')}>
      <dl className="grid gap-x-8 gap-y-4 border-y border-line py-4 sm:grid-cols-2 lg:grid-cols-3">
        {figures.map(([name, value]) => (
          <div key={name} className="flex flex-col-reverse">
            <dt className="text-sm text-muted">{name}</dt>
            <dd className="font-display numbers text-2xl font-bold">{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
