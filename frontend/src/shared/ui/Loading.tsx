import { CircleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useConnection } from '@/shared/api/connection';
import { t } from '@/shared/content/texts';
import { useLate } from '@/shared/games/useLate';
import { cx } from './classes';

/** Whether the line has been gone for a while: an outage of a blink is not worth a word. */
export const useLost = (): boolean => useLate(useConnection() === 'lost', 1_000);

/** In place of what does not come: the hub is not there, and it goes on by itself. */
export function Unanswered({ children }: { children?: ReactNode }) {
  return (
    <div role="status" className="flex items-start gap-3 rounded-xl bg-lamp-wash px-4 py-3 text-sm font-medium text-lamp-text">
      <CircleAlert className="mt-0.5 size-5 shrink-0" aria-hidden="true" />
      <p className="min-w-0 flex-1">
        {t('app.theHubDoesNotAnswer')}. {children} {t('app.itMayBeStartingThis')}
      </p>
    </div>
  );
}

/** Where something is on its way: its shape, and in words what holds it up while the line is down. */
export function Loading({ className, children }: { className?: string; children?: ReactNode }) {
  if (useLost()) return <Unanswered />;
  return (
    <div role="status" aria-label={t('common.loading')} className={cx(!children && 'skeleton', className)}>
      {children}
    </div>
  );
}
