import { ago, count, span } from '@/shared/format/time';
import { sentence } from '@/shared/api/problems';
import { Badge, PlatformMark } from '@/shared/ui/Badge';
import { t } from './texts';

type Use = { requests: number; seconds: number; used: number };

const none: readonly string[] = [];

/** One that the hub asks: whether it answers, and how much of its limits is used. */
export function Asked({ mark = false, name, failures, until, silent, limits, setup = null, notes = none }: { mark?: boolean; name: string; failures: number; until: string | null; silent: boolean; limits: readonly Use[]; setup?: string | null; notes?: readonly string[] }) {
  const said = [...(failures > 0 ? [t('status.failures', { count: failures })] : []), ...notes];
  return (
    <li className="flex gap-4 py-3">
      {mark && <PlatformMark name={name} className="h-8 min-w-10 bg-chip text-sm text-ink" />}
      <div className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center justify-between gap-x-3 gap-y-1">
          <span className="font-semibold">{name}</span>
          {setup ? <Badge>{t('status.notAsked')}</Badge> : until ? <Badge tone="bad">{silent ? t('status.leftAlone', { when: ago(until) }) : t('status.asksToWait', { when: ago(until) })}</Badge> : <Badge tone={failures > 0 ? 'lamp' : 'good'}>{failures > 0 ? t('status.stumbles') : t('status.answers')}</Badge>}
        </span>
        {setup && <span className="mt-0.5 block max-w-[75ch] text-sm text-muted text-pretty">{sentence(setup)}</span>}
        {said.length > 0 && <span className="numbers mt-0.5 block text-sm text-muted">{said.join(', ')}</span>}
        {limits.length > 0 && (
          <ul aria-label={t('status.limitsOf', { name })} className="mt-2 flex flex-wrap gap-x-8 gap-y-2">
            {limits.map((limit) => (
              <Limit key={limit.seconds} limit={limit} />
            ))}
          </ul>
        )}
      </div>
    </li>
  );
}

function Limit({ limit: { requests, seconds, used } }: { limit: Use }) {
  const share = Math.min(1, used / Math.max(1, requests));
  const text = t('status.usedOf', { used: count(used), of: count(requests), span: span(seconds) });
  return (
    <li className="w-56 max-w-full">
      <span className="numbers block text-sm text-muted">{text}</span>
      <span aria-hidden="true" className="mt-1 block h-1.5 overflow-hidden rounded-full bg-sunk">
        <span className={share > 0.9 ? 'block h-full rounded-full bg-bad' : 'block h-full rounded-full bg-teal'} style={{ width: `${share * 100}%` }} />
      </span>
    </li>
  );
}
