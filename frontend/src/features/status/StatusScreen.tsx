import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, type ReactNode } from 'react';
import { useQuery } from 'urql';
import { StatusPageDocument, type StatusPageQuery } from '@/gql/status';
import { say, sentence } from '@/shared/api/problems';
import { useConnection } from '@/shared/api/connection';
import { useViewer } from '@/shared/api/viewer';
import { ago, atMoment, count, plural } from '@/shared/format/time';
import { words } from '@/shared/format/words';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { buttonClass } from '@/shared/ui/Button';
import { cx } from '@/shared/ui/classes';
import { Fault } from '@/shared/ui/Notice';
import { ViewQuery } from '@/shared/ui/ViewQuery';
import { EVERY, useReady, type Look } from './ready';

type Libraries = NonNullable<StatusPageQuery['libraries']>;
type Library = Libraries['nodes'][number];
type Run = NonNullable<Library['lastSync']>;

const tones: Partial<Record<Run['state'], 'good' | 'bad'>> = { SUCCEEDED: 'good', FAILED: 'bad' };

/** The hub at a glance: its parts, the stores it asks, what it is busy with and what went wrong. */
export function StatusScreen() {
  const { scopes } = useViewer();
  const reads = scopes.includes('READ_LIBRARY');
  const connection = useConnection();
  const [look, lookAgain] = useReady();
  const [{ data, error, fetching }, again] = useQuery({ query: StatusPageDocument, requestPolicy: 'cache-and-network', pause: !reads });
  useEffect(() => {
    document.title = 'Status · Game Djinn';
  }, []);
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
          Status
          <Overall look={look} />
        </h1>
        <p className="numbers mt-2 text-muted">
          {[look.version && `Game Djinn ${look.version}`, look.at && `seen ${new Date(look.at).toLocaleTimeString()}`, connection === 'online' ? 'live changes arrive' : connection === 'lost' ? 'live changes do not arrive' : 'joining live changes'].filter(Boolean).join(', ')}
        </p>
      </header>
      {look.failed && <Fault onRetry={lookAgain}>The hub does not answer.{look.at !== null && ' What you see is from the last time it did.'}</Fault>}
      {error && !(look.failed && error.networkError) && <Fault onRetry={() => again({ requestPolicy: 'network-only' })}>{say(error)}</Fault>}
      <Section id="parts" title="Parts of the hub">
        {!look.state && !look.failed && <div role="status" aria-label="Loading" className="skeleton h-24" />}
        {look.state && (
          <ul aria-label="Parts of the hub" className="grid gap-x-8 border-b border-line sm:grid-cols-2">
            {Object.entries(look.state.parts).map(([name, part]) => (
              <li key={name} className="flex min-w-0 items-center gap-3 border-t border-line py-2.5">
                {part === 'ok' ? <CircleCheck className={cx('size-5 shrink-0', look.failed ? 'text-muted' : 'text-good')} aria-hidden="true" /> : <CircleAlert className="size-5 shrink-0 text-bad" aria-hidden="true" />}
                <span className="min-w-0 flex-1 font-semibold [overflow-wrap:anywhere]">{words(name)}</span>
                <span className={part === 'ok' ? 'text-muted' : 'font-semibold text-bad [overflow-wrap:anywhere]'}>{part === 'ok' ? (look.failed ? 'Worked' : 'Works') : sentence(part)}</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
      {reads && fetching && !data && !look.failed && <div role="status" aria-label="Loading" className="skeleton h-40" />}
      {data && (
        <>
          {wrong.length > 0 && (
            <Section id="wrong" title="What went wrong">
              <ul className="space-y-3">
                {wrong.map((library) => (
                  <li key={library.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-xl bg-bad-wash px-4 py-3 text-bad">
                    <span className="min-w-52 flex-1">
                      <span className="block font-semibold">{library.label}</span>
                      <span className="block text-sm">{sentence(library.lastError?.message ?? '')}</span>
                    </span>
                    <code className="font-mono text-xs">{library.lastError?.code}</code>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Section id="queue" title="Syncs and imports">
            {libraries.length === 0 && (
              <p className="text-muted">
                Nothing is connected yet. <Link to="/platforms" className="font-semibold text-lamp-text underline underline-offset-4">Connect a platform</Link>
              </p>
            )}
            <ul className="divide-y divide-line border-y border-line empty:hidden">
              {libraries.map((library) => (
                <Line key={library.id} library={library} />
              ))}
            </ul>
            {data.libraries && data.libraries.totalCount > libraries.length && <p className="mt-2 text-sm text-muted">{plural(data.libraries.totalCount - libraries.length, 'more library', 'more libraries')} not shown.</p>}
          </Section>
          <Section id="providers" title="Stores">
            <ul aria-label="Stores" className="divide-y divide-line border-y border-line">
              {data.platforms?.map((platform) => (
                <li key={platform.id} className="flex gap-4 py-3">
                  <PlatformMark name={platform.name} className="h-8 min-w-10 bg-chip text-sm text-ink" />
                  <span className="min-w-0 flex-1">
                    <span className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
                      <span className="font-semibold">{platform.name}</span>
                      <Badge tone={platform.setupNeeded ? 'lamp' : 'good'}>{platform.setupNeeded ? 'Needs setting up' : 'Set up'}</Badge>
                    </span>
                    <span className="mt-0.5 block max-w-[75ch] text-sm text-muted text-pretty [overflow-wrap:anywhere]">{platform.setupNeeded ? sentence(platform.setupNeeded) : platform.canSync ? 'The hub can fetch its games.' : 'Filled by hand or from files.'}</span>
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        </>
      )}
      <div className="flex flex-wrap gap-2">
        <ViewQuery document={StatusPageDocument} />
        <Link to="/settings" className={buttonClass('quiet', 'sm')}>
          Settings
        </Link>
      </div>
    </div>
  );
}

function Overall({ look: { state, failed } }: { look: Look }) {
  return (
    <span role="status" className="inline-flex font-sans text-base font-normal">
      {failed ? <Badge tone="bad">Not answering</Badge> : state ? <Badge tone={state.ready ? 'good' : 'bad'}>{state.ready ? 'Ready' : 'Not ready'}</Badge> : <Badge>Looking</Badge>}
    </span>
  );
}

function Section({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className="mb-3 text-2xl">
        {title}
      </h2>
      {children}
    </section>
  );
}

function howOften(hours: number | null): string {
  if (hours === null) return 'from files';
  if (hours === 0) return 'not by itself';
  if (hours % 24 === 0) return hours === 24 ? 'every day' : `every ${hours / 24} days`;
  return hours === 1 ? 'every hour' : `every ${hours} hours`;
}

/** One library: how its newest sync went, and when the next one is. */
function Line({ library }: { library: Library }) {
  const run = library.lastSync;
  const over = run?.finishedAt ?? null;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3">
      <PlatformMark name={library.platform.name} className="h-8 min-w-10 bg-chip text-sm text-ink" />
      <span className="min-w-40 flex-1">
        <span className="block font-semibold">{library.label}</span>
        <span className="numbers block text-sm text-muted">
          {[!library.connected && 'not connected', howOften(library.syncEveryHours), library.nextSyncAt && `next ${ago(library.nextSyncAt)}`].filter(Boolean).join(', ')}
        </span>
      </span>
      <span className="numbers flex flex-wrap items-center gap-x-3 gap-y-1 pl-14 text-sm text-muted sm:pl-0">
        {run ? (
          <>
            <Badge tone={tones[run.state] ?? 'lamp'}>{words(run.state)}</Badge>
            {!over && (
              <span>
                {words(run.stage)}
                {run.total !== null && `, ${count(run.done)} of ${count(run.total)}`}
                {run.rateLimitedUntil && `, goes on ${ago(run.rateLimitedUntil)}`}
                {run.attempt > 1 && `, attempt ${run.attempt}`}
              </span>
            )}
            <time dateTime={over ?? run.startedAt} title={atMoment(over ?? run.startedAt)}>
              {over ? ago(over) : `begun ${ago(run.startedAt)}`}
            </time>
          </>
        ) : (
          'Not synced yet'
        )}
      </span>
    </li>
  );
}
