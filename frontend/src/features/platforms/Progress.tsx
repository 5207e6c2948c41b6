import { useEffect, useState } from 'react';
import type { RunFragment } from '@/gql/platforms';
import { hubNow } from '@/shared/api/clock';
import { platformFault, sentence } from '@/shared/api/problems';
import { named } from '@/shared/content/texts';
import { count, countdown } from '@/shared/format/time';
import { cx } from '@/shared/ui/classes';
import { fraction, stageName, stageOrder } from './progress';
import { t } from './texts';

/** A sync as it happens. */
export function Progress({ run, platform }: { run: RunFragment; platform: { id: string; name: string } }) {
  const part = fraction(run);
  const waiting = run.state === 'WAITING' && run.rateLimitedUntil;
  const at = stageOrder.indexOf(run.stage);
  // What is waited for without anything having gone wrong are the store's pages.
  const pages = run.message && run.rateLimitedUntil && named('problem.storePages');
  // Until when is counted beside it.
  const error = run.error && (waiting ? { ...run.error, reason: null } : run.error);
  const why = error ? platformFault(error, platform) : pages || (run.message && sentence(run.message));
  return (
    <div className="border-t border-line px-4 py-4 sm:px-5" data-sync-state={run.state} data-sync-stage={run.stage}>
      <ol aria-label={t('platforms.stages')} className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {stageOrder.slice(0, -1).map((stage, index) => (
          <li key={stage} aria-current={index === at ? 'step' : undefined} className={cx('flex items-center gap-2', index === at ? 'font-semibold text-ink' : 'text-muted')}>
            <span aria-hidden="true" className={cx('size-2 rounded-full', index < at ? 'bg-good' : index === at ? 'bg-lamp' : 'bg-line')} />
            {stageName(stage)}
          </li>
        ))}
      </ol>
      <div
        role="progressbar"
        aria-label={stageName(run.stage)}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(part === null ? {} : { 'aria-valuenow': Math.round(part * 100) })}
        className="h-2.5 overflow-hidden rounded-full bg-sunk"
      >
        <div className={cx('h-full rounded-full bg-lamp transition-[width] duration-300', part === null && 'w-1/3 animate-pulse', waiting && 'opacity-60')} style={part === null ? undefined : { width: `${part * 100}%` }} />
      </div>
      <div className="numbers mt-2.5 flex min-h-6 flex-wrap items-baseline gap-x-4 gap-y-1 text-sm">
        {/* A title may be cut short; what is waited for may not. */}
        {waiting ? (
          <Pause until={run.rateLimitedUntil ?? ''} message={why || t('platforms.theStoreAskedForA')} />
        ) : (
          <p className={cx('min-w-0 flex-1 text-muted', run.currentTitle && 'truncate')}>{run.currentTitle ?? why ?? (run.state === 'QUEUED' ? t('platforms.waitingForItsTurn') : '')}</p>
        )}
        {run.attempt > 1 && <p className="text-muted">{t('platforms.attempt2', { attempt: run.attempt })}</p>}
        {run.total !== null && (
          <p className="font-semibold">
            {t('platforms.of', { done: count(run.done), total: count(run.total) })}
          </p>
        )}
      </div>
    </div>
  );
}

/** The deadline is the hub's; only the seconds are counted here. */
function Pause({ until, message }: { until: string; message: string }) {
  const [now, setNow] = useState(hubNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(hubNow()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <p className="min-w-0 flex-auto basis-full font-medium text-pretty text-lamp-text sm:basis-0">
      {message} <span className="whitespace-nowrap">{t('platforms.goesOnIn', { when: countdown(until, now) })}</span>
    </p>
  );
}

/** What screen readers hear of a sync: its stages and not every title. */
export const heard = (run: RunFragment): string => (run.state === 'WAITING' ? t('platforms.pausedByTheStoresLimit') : stageName(run.stage));
