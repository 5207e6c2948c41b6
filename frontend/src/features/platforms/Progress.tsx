import { useEffect, useState } from 'react';
import type { RunFragment } from '@/gql/platforms';
import { hubNow } from '@/shared/api/clock';
import { count, countdown } from '@/shared/format/time';
import { cx } from '@/shared/ui/classes';
import { fraction, stageName, stageOrder } from './progress';

/** A sync as it happens. */
export function Progress({ run }: { run: RunFragment }) {
  const part = fraction(run);
  const waiting = run.state === 'WAITING' && run.rateLimitedUntil;
  const at = stageOrder.indexOf(run.stage);
  return (
    <div className="border-t border-line px-4 py-4 sm:px-5" data-sync-state={run.state} data-sync-stage={run.stage}>
      <ol aria-label="Stages" className="mb-3 flex flex-wrap gap-x-5 gap-y-1 text-sm">
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
      <div className="numbers mt-2.5 flex min-h-6 items-baseline gap-4 text-sm">
        <p className="min-w-0 flex-1 truncate text-muted">{waiting ? <Pause until={run.rateLimitedUntil ?? ''} message={run.message} /> : (run.currentTitle ?? run.message ?? (run.state === 'QUEUED' ? 'Waiting for its turn' : ''))}</p>
        {run.attempt > 1 && <p className="text-muted">Attempt {run.attempt}</p>}
        {run.total !== null && (
          <p className="font-semibold">
            {count(run.done)} of {count(run.total)}
          </p>
        )}
      </div>
      <Announce run={run} />
    </div>
  );
}

/** The deadline is the hub's; only the seconds are counted here. */
function Pause({ until, message }: { until: string; message: string | null }) {
  const [now, setNow] = useState(hubNow);
  useEffect(() => {
    const timer = setInterval(() => setNow(hubNow()), 500);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="font-medium text-lamp-text">
      {message ?? 'The store asked for a pause'}. Goes on in {countdown(until, now)}
    </span>
  );
}

/** Screen readers hear of stages, not of every title. */
function Announce({ run }: { run: RunFragment }) {
  return (
    <p role="status" className="sr-only">
      {run.state === 'WAITING' ? 'Paused by the store’s limit' : stageName(run.stage)}
    </p>
  );
}
