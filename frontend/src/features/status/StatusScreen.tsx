import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useQuery } from 'urql';
import { StatusPageDocument, type StatusPageQuery } from '@/gql/status';
import { platformFault, say, sentence } from '@/shared/api/problems';
import { useConnection } from '@/shared/api/connection';
import { useViewer } from '@/shared/api/viewer';
import { ago, atMoment, atTime, count } from '@/shared/format/time';
import { platformName, words } from '@/shared/format/words';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { buttonClass } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { EVERY, down, useReady, type Look, type Ready } from './ready';
import { Section } from './Section';
import { Stores } from './Stores';
import { Work } from './Work';
import { useSay } from '@/shared/content/Content';
import { t } from './texts';
import { useTitle } from '@/shared/content/useTitle';

type Libraries = NonNullable<StatusPageQuery['libraries']>;
type Library = Libraries['nodes'][number];
type Run = NonNullable<Library['lastSync']>;

const tones: Partial<Record<Run['state'], 'good' | 'bad'>> = { SUCCEEDED: 'good', FAILED: 'bad' };

/** The hub at a glance: its parts, the stores it asks, what it is busy with and what went wrong. */
export function StatusScreen() {
  useSay();
  const { scopes } = useViewer();
  const reads = scopes.includes('READ_LIBRARY');
  const connection = useConnection();
  const [look, lookAgain] = useReady();
  const [{ data, error, fetching }, again] = useQuery({ query: StatusPageDocument, requestPolicy: 'cache-and-network', pause: !reads });
  useTitle(t('status.status'));
  useEffect(() => {
    if (!reads) return undefined;
    const timer = setInterval(() => void (document.hidden || again({ requestPolicy: 'network-only' })), EVERY);
    return () => clearInterval(timer);
  }, [reads, again]);
  const libraries = data?.libraries?.nodes ?? [];
  const wrong = libraries.filter((library) => library.lastError);
  return (
    <div className="mx-auto max-w-[1100px] space-y-12 px-4 py-8 sm:px-6 lg:px-10 lg:py-12">
      <header>
        <h1 className="flex flex-wrap items-center gap-x-4 gap-y-2 text-4xl font-extrabold">
          {t('status.status')}
          <Overall look={look} />
        </h1>
        <p className="numbers mt-2 text-muted">
          {[look.version && t('status.gameDjinn', { version: look.version }), look.at && t('status.seen', { time: atTime(look.at) }), t(connection === 'online' ? 'status.live' : connection === 'lost' ? 'status.notLive' : 'status.joining')].filter(Boolean).join(', ')}
        </p>
      </header>
      {!look.failed && look.state && <Missing state={look.state} />}
      {look.failed && <Fault onRetry={lookAgain}>{t('status.theHubDoesNotAnswer')}{look.at !== null && ` ${t('status.seenBefore')}`}</Fault>}
      {error && !(look.failed && error.networkError) && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      <Section id="parts" title={t('status.partsOfTheHub')}>
        {!look.state && !look.failed && <div role="status" aria-label={t('common.loading')} className="skeleton h-24" />}
        {look.state && (
          <ul aria-label={t('status.partsOfTheHub')} className="grid gap-x-8 border-b border-line sm:grid-cols-2">
            {Object.entries(look.state.parts).map(([name, part]) => (
              <li key={name} className="flex min-w-0 items-center gap-3 border-t border-line py-2.5">
                {part === 'ok' ? <CircleCheck className={cx('size-5 shrink-0', look.failed ? 'text-muted' : 'text-good')} aria-hidden="true" /> : <CircleAlert className="size-5 shrink-0 text-bad" aria-hidden="true" />}
                <span className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">{words(name)}</span>
                <span className={part === 'ok' ? 'text-muted' : 'font-semibold text-bad [overflow-wrap:anywhere]'}>{part === 'ok' ? (look.failed ? t('status.worked') : t('status.works')) : sentence(part)}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {/* What stands below appears once what is above has its height: nothing that one looks at moves. */}
      <div className={cx('space-y-12', !look.state && !look.failed && 'hidden')}>
        {reads && fetching && !data && !look.failed && <div role="status" aria-label={t('common.loading')} className="skeleton h-[70dvh]" />}
        {data && (
          <>
            {wrong.length > 0 && (
              <Section id="wrong" title={t('status.whatWentWrong')}>
                <ul className="space-y-3">
                  {wrong.map((library) => (
                    <li key={library.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-bad-wash px-4 py-3 text-bad">
                      <span className="min-w-52 flex-1">
                        <span className="block font-semibold">{library.label}</span>
                        <span className="block text-sm">{library.lastError && platformFault(library.lastError, library.platform)}</span>
                      </span>
                      <code className="font-mono text-xs">{library.lastError?.code}</code>
                    </li>
                  ))}
                </ul>
              </Section>
            )}
            <Section id="queue" title={t('status.syncsAndImports')}>
              {libraries.length === 0 && (
                <p className="text-muted">
                  {t('status.nothingIsConnectedYet')} <Link to="/platforms" className="font-semibold text-lamp-text underline underline-offset-4">{t('status.connectAPlatform')}</Link>
                </p>
              )}
              <ul className="divide-y divide-line border-y border-line empty:hidden">
                {libraries.map((library) => (
                  <Line key={library.id} library={library} />
                ))}
              </ul>
              {data.libraries && data.libraries.totalCount > libraries.length && <p className="mt-2 text-sm text-muted">{t('status.moreLibrariesNotShown', { count: data.libraries.totalCount - libraries.length })}</p>}
            </Section>
            {!scopes.includes('ADMIN') && <Stores stores={data.platforms ?? []} asked={null} />}
          </>
        )}
        <div className={cx('space-y-12', reads && fetching && !data && !look.failed && 'hidden')}>
          {scopes.includes('ADMIN') && <Work stores={data?.platforms ?? []} />}
          <div className="flex flex-wrap gap-2">
            <ViewQuery document={StatusPageDocument} />
            <Link to="/settings" className={buttonClass('quiet', 'sm')}>
              {t('status.settings')}
            </Link>
          </div>
        </div>
      </div>
    </div>
  );
}

function Overall({ look: { state, failed } }: { look: Look }) {
  return (
    <span role="status" className="inline-flex font-sans text-base font-normal">
      {failed ? <Badge tone="bad">{t('status.notAnswering')}</Badge> : state ? <Health state={state} /> : <Badge>{t('status.looking')}</Badge>}
    </span>
  );
}

function Health({ state }: { state: Ready }) {
  if (!state.ready) return <Badge tone="bad">{t('status.notReady')}</Badge>;
  return state.whole ? <Badge tone="good">{t('status.ready')}</Badge> : <Badge tone="lamp">{t('status.partly')}</Badge>;
}

/** Which parts are down while the hub goes on without them. */
function Missing({ state }: { state: Ready }) {
  const parts = down(state.parts);
  if (!state.ready || !parts.length) return null;
  return (
    <p role="alert" className="flex items-start gap-3 rounded-xl bg-lamp-wash px-4 py-3 text-sm font-medium text-lamp-text">
      <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
      {t('status.partsDown', { count: parts.length, parts: parts.map(words).join(', ') })}
    </p>
  );
}

function howOften(hours: number | null): string {
  if (hours === null) return t('status.fromFiles');
  if (hours === 0) return t('status.notByItself');
  if (hours % 24 === 0) return hours === 24 ? t('time.everyDay') : t('time.everyDays', { n: hours / 24 });
  return hours === 1 ? t('time.everyHour') : t('time.everyHours', { n: hours });
}

/** One library: how its newest sync went, and when the next one is. */
function Line({ library }: { library: Library }) {
  const run = library.lastSync;
  const over = run?.finishedAt ?? null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <PlatformMark name={platformName(library.platform)} className="h-8 min-w-10 bg-chip text-sm text-ink" />
      <span className="min-w-40 flex-1">
        <span className="block font-semibold">{library.label}</span>
        <span className="numbers block text-sm text-muted">
          {[!library.connected && t('status.notConnected'), howOften(library.syncEveryHours), library.nextSyncAt && t('status.next', { when: ago(library.nextSyncAt) })].filter(Boolean).join(', ')}
        </span>
      </span>
      <span className="numbers flex flex-wrap items-center gap-x-3 gap-y-1 pl-14 text-sm text-muted sm:pl-0">
        {run ? (
          <>
            <Badge tone={tones[run.state] ?? 'lamp'}>{words(run.state)}</Badge>
            {!over && (
              <span>
                {words(run.stage)}
                {run.total !== null && `, ${t('library.ofTotal', { done: count(run.done), total: count(run.total) })}`}
                {run.rateLimitedUntil && t('status.goesOn', { when: ago(run.rateLimitedUntil) })}
                {run.attempt > 1 && t('status.attempt', { attempt: run.attempt })}
              </span>
            )}
            <time dateTime={over ?? run.startedAt} title={atMoment(over ?? run.startedAt)}>
              {over ? ago(over) : t('status.begun', { when: ago(run.startedAt) })}
            </time>
          </>
        ) : (
          t('status.notSyncedYet')
        )}
      </span>
    </li>
  );
}
